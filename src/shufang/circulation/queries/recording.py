"""What lending writes, as plain statements. On PostgreSQL those of one verb go in one round trip, as parts of one `WITH`."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from shufang.circulation.place import Place
from shufang.circulation.queries.stored import ON_POSTGRESQL, as_stored, as_stored_day

Param = str | int | bytes | datetime | date | Decimal | None


class Write(NamedTuple):
    """One statement and its values. None of them depends on another's result."""

    sql: str
    values: tuple[Param, ...]


class NewLoan(NamedTuple):
    """A loan to be made."""

    item_id: int
    patron_id: int
    card_kind_id: int
    group_id: int
    library_id: int
    policy_id: int
    calendar_branch_id: int
    borrowed_at: datetime
    due_at: datetime


class NewEvent(NamedTuple):
    """An event of an item; `loan_id` None with a new loan means that loan."""

    verb: str
    place: Place
    item_id: int | None
    title_id: int | None
    policy_id: int | None
    loan_id: int | None
    card_kind_id: int | None
    age_band: str
    detail: str


_LOAN = (
    "INSERT INTO circulation_loan (item_id, patron_id, card_kind_id, group_id, library_id, policy_id,"
    " calendar_branch_id, status, borrowed_at, due_at, renewals, renewed_at, returned_at, returned_branch_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, 'open', %s, %s, 0, NULL, NULL, NULL)"
)
_EVENT = (
    "INSERT INTO circulation_event (at, verb, user_id, device_id, branch_id, item_id, title_id, policy_id, loan_id,"
    " card_kind_id, age_band, detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_EVENT_OF_NEW_LOAN = (
    "INSERT INTO circulation_event (at, verb, user_id, device_id, branch_id, item_id, title_id, policy_id, loan_id,"
    " card_kind_id, age_band, detail)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, (SELECT id FROM loan), %s, %s, %s) RETURNING id, loan_id"
)


def item_status(item_id: int, status: str, branch_id: int, stood_at: int, now: datetime) -> Write:
    """Set an item's status and where it is. The branch where it `stood_at` anyway is not written, nor its index."""
    if branch_id == stood_at:
        return Write(
            "UPDATE catalogue_item SET status = %s, status_since = %s WHERE id = %s", (status, as_stored(now), item_id)
        )
    return Write(
        "UPDATE catalogue_item SET status = %s, status_since = %s, current_branch_id = %s WHERE id = %s",
        (status, as_stored(now), branch_id, item_id),
    )


def raised_revision(patron_id: int) -> Write:
    """Raise a locked patron's revision."""
    return Write("UPDATE patrons_patron SET revision = revision + 1 WHERE id = %s", (patron_id,))


def reader_of_month(patron_id: int, month: date, branch_id: int) -> Write:
    """Count a patron as a reader of a branch in a month, once."""
    return Write(
        "INSERT INTO circulation_readermonth (patron_id, month, branch_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (patron_id, as_stored_day(month), branch_id),
    )


def renewed_loan(loan_id: int, due_at: datetime, policy_id: int, now: datetime) -> Write:
    """Lengthen a loan; it follows the policy that renewed it."""
    return Write(
        "UPDATE circulation_loan SET due_at = %s, renewals = renewals + 1, renewed_at = %s, policy_id = %s WHERE id = %s",
        (as_stored(due_at), as_stored(now), policy_id, loan_id),
    )


def closed_loan(loan_id: int, returned_at: datetime, branch_id: int) -> Write:
    """Close a loan and cut it from its reader."""
    return Write(
        "UPDATE circulation_loan SET status = 'closed', patron_id = NULL, returned_at = %s, returned_branch_id = %s"
        " WHERE id = %s",
        (as_stored(returned_at), branch_id, loan_id),
    )


def history(patron_id: int, title_id: int, borrowed_at: datetime, returned_at: datetime) -> Write:
    """Keep what a patron who consents has read."""
    return Write(
        "INSERT INTO circulation_history (patron_id, title_id, borrowed_at, returned_at) VALUES (%s, %s, %s, %s)",
        (patron_id, title_id, as_stored(borrowed_at), as_stored(returned_at)),
    )


def last_patron(item_id: int, patron_id: int, until: date) -> Write:
    """Keep an item's last patron until a day, for a claim of damage."""
    return Write(
        "INSERT INTO circulation_lastpatron (item_id, patron_id, until) VALUES (%s, %s, %s)"
        " ON CONFLICT (item_id) DO UPDATE SET patron_id = excluded.patron_id, until = excluded.until",
        (item_id, patron_id, as_stored_day(until)),
    )


def write_loan(
    cursor: CursorWrapper, loan: NewLoan, others: Sequence[Write], event: NewEvent, now: datetime
) -> tuple[int, int]:
    """Write a loan, what goes with it, and its event; return the ids of loan and event."""
    times = (as_stored(loan.borrowed_at), as_stored(loan.due_at))
    if not ON_POSTGRESQL:
        cursor.execute(_LOAN, [*loan[:7], *times])
        loan_id = int(cursor.lastrowid)
        return loan_id, write(cursor, others, event._replace(loan_id=loan_id), now)
    parts = [f"loan AS ({_LOAN} RETURNING id)"]
    values: list[Param] = [*loan[:7], *times]
    _add(parts, values, others)
    columns = _event_values(event, now)
    cursor.execute(f"WITH {', '.join(parts)} {_EVENT_OF_NEW_LOAN}", values + columns[:8] + columns[9:])
    event_id, new_id = cursor.fetchone()
    return int(new_id), int(event_id)


def write(cursor: CursorWrapper, others: Sequence[Write], event: NewEvent, now: datetime) -> int:
    """Write some statements and an event; return the event's id."""
    if not ON_POSTGRESQL:
        for one in others:
            cursor.execute(one.sql, one.values)
        cursor.execute(_EVENT, _event_values(event, now))
        return int(cursor.lastrowid)
    parts: list[str] = []
    values: list[Param] = []
    _add(parts, values, others)
    head = f"WITH {', '.join(parts)} " if parts else ""
    cursor.execute(f"{head}{_EVENT} RETURNING id", values + _event_values(event, now))
    return int(cursor.fetchone()[0])


def _add(parts: list[str], values: list[Param], others: Sequence[Write]) -> None:
    for number, one in enumerate(others):
        parts.append(f"part{number} AS ({one.sql})")
        values.extend(one.values)


def _event_values(event: NewEvent, now: datetime) -> list[Param]:
    place = event.place
    return [
        as_stored(now),
        event.verb,
        place.user_id,
        place.device_id,
        place.branch_id,
        event.item_id,
        event.title_id,
        event.policy_id,
        event.loan_id,
        event.card_kind_id,
        event.age_band,
        event.detail[:255],
    ]
