"""What a kiosk must know to go on lending while its line is down: which cards may borrow little or nothing, and its books.

The rules are the same as ever, asked beforehand for every card of which they might say no. A card that is not named may
borrow `most` items at least, as far as the books knew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.local_days import local_day
from shufang.circulation.patron_status import STANDING_COLUMNS, STANDING_FROM, StandingRow, standing_facts
from shufang.circulation.place import PinCheck
from shufang.circulation.policies import Rules, in_force, now_in_force
from shufang.circulation.queries.stored import as_stored, as_stored_day
from shufang.circulation.rules.checkout import away_refusal
from shufang.circulation.rules.limits import left_of_limit
from shufang.circulation.rules.standing import standing_refusals

MOST_BOOKS = 20_000
"""Of a branch with more than that only those are named that are not lent to everybody."""


@dataclass(frozen=True, slots=True)
class LimitedCard:
    """A card that may borrow `left` items, and for nought why: the code of the refusal."""

    number: str
    left: int
    code: str


class KnownBook(NamedTuple):
    """A book of the branch: for how many days it is lent at least (0: `code` says why it is not)."""

    barcode: str
    title: str
    author: str
    days: int
    code: str


_LIMITED = f"""
SELECT c.number, {STANDING_COLUMNS} {STANDING_FROM}
WHERE c.status <> 'active' OR c.expires_on < %s
OR EXISTS (SELECT 1 FROM patrons_cardkind k WHERE k.id = c.kind_id AND NOT k.can_borrow)
OR EXISTS (SELECT 1 FROM patrons_block b WHERE b.patron_id = c.patron_id AND b.lifted_at IS NULL)
OR EXISTS (SELECT 1 FROM money_charge m WHERE m.patron_id = c.patron_id AND m.settled_at IS NULL)
OR EXISTS (SELECT 1 FROM circulation_loan x WHERE x.patron_id = c.patron_id AND x.due_at < %s)
OR EXISTS (SELECT 1 FROM circulation_limit l WHERE l.card_kind_id = c.kind_id AND l.group_id IS NULL
AND l.counts = 'loans' AND l.most - (SELECT count(*) FROM circulation_loan x WHERE x.patron_id = c.patron_id) < %s)
"""  # noqa: S608  # no value stands in the text


def limited_cards(most: int, now: datetime) -> Iterator[LimitedCard]:
    """Yield each card that may borrow fewer than `most` items now. One query."""
    today = local_day(now)
    with connection.cursor() as cursor:
        cursor.execute(_LIMITED, [as_stored(now), as_stored_day(today), as_stored(now), max(most, 1)])
        rows = cursor.fetchall()
    for number, *columns in rows:
        limited = _limited(number, StandingRow._make(columns), most, today)
        if limited is not None:
            yield limited


def _limited(number: str, row: StandingRow, most: int, today: date) -> LimitedCard | None:
    facts = standing_facts(row, in_force(row.stamp), PinCheck.NOT_ASKED, today)
    refusal = next(standing_refusals(facts), None)
    if refusal is not None:
        return LimitedCard(number, 0, refusal.code)
    left = left_of_limit(facts.limits, facts.loans)
    return LimitedCard(number, left, "") if left is not None and left < most else None


def known_books(branch_id: int, now: datetime) -> Iterator[KnownBook]:
    """Yield the books that belong or stand at a branch. Three queries."""
    rules, today = now_in_force(), local_day(now)
    days = _DaysOfKinds(rules, today)
    items = (Item.objects.filter(home_branch_id=branch_id) | Item.objects.filter(current_branch_id=branch_id)).exclude(
        status=ItemStatus.WITHDRAWN
    )
    is_large = items.count() > MOST_BOOKS
    columns = ("barcode", "title__title", "title__author", "library_id", "kind_id", "is_for_loan", "status")
    for barcode, title, author, library_id, kind_id, is_for_loan, status in items.values_list(*columns).iterator(2000):
        code = _not_lent(rules, kind_id, status, is_for_loan=is_for_loan)
        lent = 0 if code else days.of(library_id, kind_id)
        if not is_large or not lent:
            yield KnownBook(barcode, title, author, lent, code or ("" if lent else "no_policy"))


def _not_lent(rules: Rules, kind_id: int, status: str, *, is_for_loan: bool) -> str:
    """Return why a book is lent to nobody, as far as can be known without the reader; "" when it may be."""
    refusal = away_refusal(status)
    if refusal is not None:
        return refusal.code
    if not is_for_loan or not rules.item_kinds[kind_id].is_for_loan:
        return "item_not_for_loan"
    return "held_for_another" if status == ItemStatus.ON_HOLD_SHELF else ""


class _DaysOfKinds:
    """For how many days a library lends a kind at least, whatever the card: so long may be promised to anybody."""

    def __init__(self, rules: Rules, today: date) -> None:
        self._rules, self._today = rules, today
        self._known: dict[tuple[int, int], int] = {}

    def of(self, library_id: int, kind_id: int) -> int:
        """Return the days, 0 when there is no rule."""
        key = library_id, kind_id
        if key not in self._known:
            policies = [
                self._rules.policy(library_id, card_kind_id, kind_id, self._today)
                for card_kind_id, card_kind in self._rules.card_kinds.items()
                if card_kind.can_borrow
            ]
            days = [policy.loan_days for policy in policies if policy is not None and policy.is_for_loan]
            self._known[key] = min(days, default=0)
        return self._known[key]


def days_lent(branch_library_id: int, now: datetime) -> int:
    """Return for how many days a library lends at least whatever is no special kind: for books that nobody knows offline."""
    rules, today = now_in_force(), local_day(now)
    policies = [
        rules.policy(branch_library_id, card_kind_id, kind_id, today)
        for card_kind_id, card_kind in rules.card_kinds.items()
        if card_kind.can_borrow
        for kind_id, kind in rules.item_kinds.items()
        if kind.is_for_loan
    ]
    return min((policy.loan_days for policy in policies if policy is not None and policy.is_for_loan), default=0)
