"""How a reader stands: what SIP2's 24, 26 and 64, the kiosk and the desk show."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Q

from shufang.circulation.local_days import local_day
from shufang.circulation.models import Hold, Loan
from shufang.circulation.place import PinCheck
from shufang.circulation.policies import Rules, in_force
from shufang.circulation.queries.stored import as_stored, from_cents
from shufang.circulation.rules.card import ShownCard
from shufang.circulation.rules.standing import Privileges, StandingFacts, privileges, standing_refusals
from shufang.kernel import clock
from shufang.kernel.numbers import as_number
from shufang.kernel.refusal import Refusal
from shufang.money.charges import still_open


class ItemList(StrEnum):
    """The lists of SIP2's patron information summary."""

    HOLD = "hold"
    OVERDUE = "overdue"
    CHARGED = "charged"
    FINE = "fine"
    RECALL = "recall"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class PatronStatus:
    """How a reader stands. With an unknown card everything is empty and `is_known` False.

    `refusal` is the first reason why this card may not borrow now, None when it may. Without a right PIN where one was
    asked the face shows nothing but the privileges.
    """

    is_known: bool
    privileges: Privileges
    refusal: Refusal | None
    pin: PinCheck
    card_number: str
    card_status: str = ""
    card_kind: str = ""
    card_kind_name: str = ""
    card_kind_name_en: str = ""
    expires_on: date | None = None
    patron_id: int | None = None
    patron_revision: int = 0
    name: str = ""
    language: str = ""
    holds: int = 0
    overdue: int = 0
    charged: int = 0
    fines: int = 0
    recalls: int = 0
    unavailable: int = 0
    hold_limit: int | None = None
    charged_limit: int | None = None
    overdue_limit: int | None = None
    owed: Decimal = Decimal("0.00")
    charges_limit: Decimal | None = None
    currency: str = "CNY"
    email: str = ""
    phone: str = ""
    address: str = ""
    birth_date: date | None = None
    pin_must_change: bool = False


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One line of a list; `text` is a barcode, else (a hold without item) the title."""

    text: str
    barcode: str
    title: str


_LOANS = "FROM circulation_loan x WHERE x.patron_id = c.patron_id"
_HOLDS = "FROM circulation_hold h WHERE h.patron_id = c.patron_id"
_OPEN_CHARGES = "FROM money_charge m WHERE m.patron_id = c.patron_id AND m.settled_at IS NULL"
_SUM = "CAST(ROUND(SUM(m.amount - m.settled) * 100) AS BIGINT)"

STANDING_COLUMNS = f"""c.status, c.expires_on, c.kind_id, c.patron_id, p.birth_date,
EXISTS (SELECT 1 FROM patrons_block b WHERE b.patron_id = c.patron_id AND b.lifted_at IS NULL),
c.library_id, p.revision, p.name, p.language, p.email, p.phone, p.address, p.pin_must_change,
(SELECT count(*) {_LOANS}),
(SELECT count(*) {_LOANS} AND x.due_at < %s AND x.status = 'open'),
(SELECT count(*) {_HOLDS} AND h.status IN ('ready', 'trapped')), (SELECT count(*) {_HOLDS}),
(SELECT count(*) {_OPEN_CHARGES}), (SELECT {_SUM} {_OPEN_CHARGES}),
(SELECT {_SUM} {_OPEN_CHARGES} AND m.kind = 'overdue'),
(SELECT count(*) {_LOANS} AND x.status = 'lost'),
(SELECT s.stamp FROM circulation_rulesstamp s)"""  # noqa: S608  # no value stands in the text
"""How a card stands: the columns of `StandingRow`. Their one value is the present moment."""
STANDING_FROM = "FROM patrons_card c JOIN patrons_patron p ON p.id = c.patron_id"
_STATUS = f"SELECT {STANDING_COLUMNS} {STANDING_FROM} WHERE c.number = %s"


class StandingRow(NamedTuple):
    """What `STANDING_COLUMNS` reads of a card and its patron."""

    status: str
    expires_on: date | None
    kind_id: int
    patron_id: int
    birth_date: date | None
    is_blocked: bool
    library_id: int
    revision: int
    name: str
    language: str
    email: str
    phone: str
    address: str
    pin_must_change: bool
    charged: int
    overdue: int
    holds_ready: int
    holds: int
    fines: int
    owed_cents: int | None
    overdue_cents: int | None
    lost: int
    stamp: int | None


def patron_status(card_number: str, pin: PinCheck, now: datetime) -> PatronStatus:
    """Return how the reader of a card stands. One query, no lock. Never refuses: an unknown card is told as such.

    The limits are the card kind's; the limit of charges is that of the policy of the library that issued the card.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATUS, [as_stored(now), as_number(card_number)])
        found = cursor.fetchone()
    if found is None:
        return _of_nobody(card_number, pin)
    row = StandingRow._make(found)
    rules = in_force(row.stamp)
    standing = standing_facts(row, rules, pin, local_day(now))
    kind = rules.card_kinds[row.kind_id]
    return PatronStatus(
        is_known=True,
        privileges=privileges(standing),
        refusal=next(standing_refusals(standing), None),
        pin=pin,
        card_number=card_number,
        card_status=row.status,
        card_kind=kind.code,
        card_kind_name=kind.name,
        card_kind_name_en=kind.name_en,
        expires_on=row.expires_on,
        patron_id=row.patron_id,
        patron_revision=row.revision,
        name=row.name,
        language=row.language,
        holds=row.holds_ready,
        overdue=row.overdue,
        charged=row.charged,
        fines=row.fines,
        unavailable=row.holds - row.holds_ready,
        hold_limit=_most(rules, row.kind_id, "holds"),
        charged_limit=_most(rules, row.kind_id, "loans"),
        owed=from_cents(row.owed_cents),
        charges_limit=standing.policy.charges_limit if standing.policy is not None else None,
        currency=settings.SHUFANG_CURRENCY,
        email=row.email,
        phone=row.phone,
        address=row.address,
        birth_date=row.birth_date,
        pin_must_change=bool(row.pin_must_change),
    )


def _of_nobody(card_number: str, pin: PinCheck) -> PatronStatus:
    return PatronStatus(
        is_known=False,
        privileges=Privileges(charge_denied=True, renewal_denied=True, recall_denied=True, hold_denied=True),
        refusal=Refusal("card_unknown", {"card_number": card_number}),
        pin=pin,
        card_number=card_number,
    )


def standing_facts(row: StandingRow, rules: Rules, pin: PinCheck, today: date) -> StandingFacts:
    """Return the facts from which it is decided what a card may do."""
    return StandingFacts(
        card=ShownCard(
            row.patron_id,
            row.status,
            row.expires_on,
            row.kind_id,
            row.birth_date,
            bool(row.is_blocked),
        ),
        today=today,
        pin=pin.value,
        can_borrow=rules.card_kinds[row.kind_id].can_borrow,
        limits=rules.limits_of(row.kind_id),
        loans=row.charged,
        holds=row.holds,
        overdue=row.overdue,
        lost=row.lost,
        owed=from_cents(row.owed_cents),
        owed_overdue=from_cents(row.overdue_cents),
        policy=rules.policy(row.library_id, row.kind_id, None, today),
    )


def _most(rules: Rules, card_kind_id: int, counts: str) -> int | None:
    limits = rules.limits_of(card_kind_id)
    return next((limit.most for limit in limits if limit.group_id is None and limit.counts == counts), None)


def patron_items(
    patron_id: int, which: ItemList, start: int, end: int, now: datetime | None = None
) -> tuple[ListedItem, ...]:
    """Return lines `start` to `end` (from 1, both included) of a list, in the order of due dates or of the queue.

    What is overdue is so at `now`, by default the machine's time.

    The rows are the patron's own, read for him alone. At most two queries. ValueError for a start below 1.
    """
    if start < 1:
        raise ValueError(f"lists begin at 1: {start}")
    place = slice(start - 1, max(end, start - 1))
    if which in {ItemList.CHARGED, ItemList.OVERDUE}:
        loans = Loan.objects.filter(patron_id=patron_id)
        if which is ItemList.OVERDUE:
            loans = loans.filter(due_at__lt=now or clock.now(), status=Loan.Status.OPEN)
        rows = loans.order_by("due_at", "id").values_list("item__barcode", "item__title__title")[place]
        return tuple(ListedItem(barcode, barcode, title) for barcode, title in rows)
    if which in {ItemList.HOLD, ItemList.UNAVAILABLE}:
        ready = Q(status__in=[Hold.Status.READY, Hold.Status.TRAPPED])
        holds = Hold.objects.filter(ready if which is ItemList.HOLD else ~ready, patron_id=patron_id)
        waiting = holds.order_by("queued_at", "id").values_list("item__barcode", "title__title")[place]
        return tuple(ListedItem(barcode or title, barcode or "", title) for barcode, title in waiting)
    if which is ItemList.FINE:
        return tuple(
            ListedItem(
                f"{charge.kind} {charge.amount - charge.settled:.2f}"
                + (f" {charge.item.barcode}" if charge.item else ""),
                charge.item.barcode if charge.item else "",
                charge.item.title.title if charge.item else "",
            )
            for charge in still_open(patron_id).select_related("item__title")[place]
        )
    return ()
