"""Take an item back: gather, decide, record. Holds are served first, then it stays, or travels home."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.backends.utils import CursorWrapper

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation import no_block
from shufang.circulation.closing import close
from shufang.circulation.conflicts import Reported
from shufang.circulation.event_log import age_band
from shufang.circulation.local_days import local_day
from shufang.circulation.overrides import audit, not_set_aside
from shufang.circulation.place import Place
from shufang.circulation.policies import Rules, in_force
from shufang.circulation.queries import recording, returning
from shufang.circulation.queries.locking import attempts, lock
from shufang.circulation.queries.recording import NewEvent, Write
from shufang.circulation.queries.returning import Returning
from shufang.circulation.repeats import repeat_of_item
from shufang.circulation.reporting import report
from shufang.circulation.rules import checkin as rules_of_return
from shufang.circulation.rules.checkin import ReturnFacts
from shufang.circulation.whereto import Whereto, whereto
from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Checkin:
    """An item lies at a place. `returned_at` backdates the return (a terminal's is kept between borrowing and now).

    `happened_at` (no block): it was taken back while the line was down and is never refused.
    """

    barcode: str
    place: Place
    returned_at: datetime | None = None
    happened_at: datetime | None = None
    overrides: frozenset[str] = frozenset()
    reason: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """An item taken back and what becomes of it.

    `loan_id` is None when no loan stood. `patron_card` is the borrower's card, for the slip of this moment only.
    `alert` is SIP2's CV (01 hold here, 02 hold elsewhere, 04 another branch, 99 other), None: to its shelf.
    `destination_branch` is a code, None when it stays.
    """

    event_id: int
    item_id: int
    title_id: int
    title: str
    home_branch: str
    loan_id: int | None
    patron_card: str | None
    charge: Decimal
    alert: str | None
    hold_id: int | None
    destination_branch: str | None
    shelf: str
    call_number: str
    status: ItemStatus
    transit_id: int | None
    media_type: str
    conflict: str | None = None


def checkin(command: Checkin, now: datetime) -> CheckedIn | Reported | Refusal | Repeated:
    """Take back. Refuses item_unknown, return_not_accepted and, from staff, a date that cannot be.

    A refusal carries the `title` and `home_branch` (code) of a known item. An item that belongs to no loan is checked in
    like any other.
    """
    return attempts(command.barcode, lambda cursor: _checkin(cursor, command, now))


def _checkin(cursor: CursorWrapper, command: Checkin, now: datetime) -> CheckedIn | Reported | Refusal | Repeated:
    locked = lock(cursor, "", command.barcode)
    item = returning.gather(cursor, command.barcode, command.request.key if command.request is not None else b"")
    again = no_block.done_before(command.request)
    if again is not None:
        return again
    if item is None:
        if command.happened_at is not None:
            return _report(cursor, command, None, "item_unknown", command.happened_at, now)
        return Refusal("item_unknown", {"barcode": command.barcode})
    patron_ids = () if item.borrowed is None else (item.borrowed.loan.patron_id,)
    locked.check(item.title_id if item.has_holds else None, patron_ids, (item.item_id,))
    again = repeat_of_item(command.request, item.item_id, now) if item.may_repeat else None
    if again is not None:
        return again
    rules = in_force(item.rules_stamp)
    facts = _facts(command, item, rules, now)
    if command.happened_at is not None:
        return _happened(cursor, command, item, rules, facts, command.happened_at, now)
    refusal, aside = not_set_aside(rules_of_return.refusals(facts, now), command.overrides, command.place)
    if refusal is not None:
        home = rules.branches[item.home_branch_id].code
        return Refusal(refusal.code, {"title": item.title, "home_branch": home, **refusal.values})
    audit(aside, "checkin", command.place, item.item_id, command.reason, now)
    return _record(cursor, command, item, rules, facts, now)


def _facts(command: Checkin, item: Returning, rules: Rules, now: datetime) -> ReturnFacts:
    branch = rules.branches[command.place.branch_id]
    return ReturnFacts(
        library_id=item.library_id,
        home_branch_id=item.home_branch_id,
        is_floating=item.is_floating,
        branch_id=branch.branch_id,
        at_library_id=branch.library_id,
        branch_is_floating=branch.is_floating,
        agreement=rules.agreement(item.library_id, branch.library_id, local_day(now)),
        borrowed_at=item.borrowed.loan.borrowed_at if item.borrowed is not None else None,
        returned_at=command.happened_at or command.returned_at or now,
        is_staff=command.place.user_id is not None,
        is_travelling=item.is_travelling,
    )


def _happened(
    cursor: CursorWrapper,
    command: Checkin,
    item: Returning,
    rules: Rules,
    facts: ReturnFacts,
    at: datetime,
    now: datetime,
) -> CheckedIn | Reported:
    """Record a return that was taken while the line was down; one from before the present loan changes nothing."""
    if item.borrowed is not None and at < item.borrowed.loan.borrowed_at:
        return _report(cursor, command, item, "moved_since", at, now)
    first = next(rules_of_return.refusals(facts, now), None)
    conflict = first.code if first is not None else None
    if conflict is not None:
        report(cursor, "checkin", conflict, command, at, now, item.item_id, item.title_id, is_event=False)
    return _record(cursor, command, item, rules, facts, now, conflict)


def _report(
    cursor: CursorWrapper, command: Checkin, item: Returning | None, code: str, at: datetime, now: datetime
) -> Reported:
    item_id, title_id = (item.item_id, item.title_id) if item is not None else (None, None)
    told = report(cursor, "checkin", code, command, at, now, item_id, title_id)
    return Reported(told.conflict_id, told.event_id, code, item_id, None, item.title if item is not None else "")


def _record(
    cursor: CursorWrapper,
    command: Checkin,
    item: Returning,
    rules: Rules,
    facts: ReturnFacts,
    now: datetime,
    conflict: str | None = None,
) -> CheckedIn:
    place, borrowed = command.place, item.borrowed
    returned_at = rules_of_return.returned_at(facts, now)
    writes: list[Write] = []
    charge = ZERO
    if borrowed is not None:
        writes, charge = close(item, borrowed, rules, place.branch_id, returned_at, now)
    goes = whereto(item, facts, rules, place, now)
    writes.append(recording.item_status(item.item_id, goes.status, place.branch_id, item.stands_at, now))
    loan = borrowed.loan if borrowed is not None else None
    event = NewEvent(
        "checkin",
        place,
        item.item_id,
        item.title_id,
        loan.policy_id if loan is not None else None,
        loan.loan_id if loan is not None else None,
        loan.card_kind_id if loan is not None else None,
        age_band(borrowed.birth_date, local_day(now)) if borrowed is not None else "",
        f"{item.status}>{goes.status} charge={charge}{no_block.mark(command.happened_at)}",
    )
    event_id = recording.write(cursor, writes, event, now)
    return _checked_in(item, rules, goes, event_id, charge, conflict)


def _checked_in(
    item: Returning, rules: Rules, goes: Whereto, event_id: int, charge: Decimal, conflict: str | None
) -> CheckedIn:
    borrowed = item.borrowed
    return CheckedIn(
        event_id=event_id,
        item_id=item.item_id,
        title_id=item.title_id,
        title=item.title,
        home_branch=rules.branches[item.home_branch_id].code,
        loan_id=borrowed.loan.loan_id if borrowed is not None else None,
        patron_card=borrowed.card_number if borrowed is not None else None,
        charge=charge,
        alert=goes.alert,
        hold_id=goes.hold_id,
        destination_branch=goes.destination,
        shelf=item.shelf,
        call_number=item.call_number,
        status=goes.status,
        transit_id=goes.transit_id,
        media_type=item.material,
        conflict=conflict,
    )
