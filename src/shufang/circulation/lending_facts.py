"""What checkout and renewal decide from: one card, one item, and the rules that hold between them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.backends.utils import CursorWrapper

from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation.demand import holds_on
from shufang.circulation.local_days import zone
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.policies import ItemKindTerms, Rules, in_force
from shufang.circulation.queries import lending
from shufang.circulation.queries.lending import Gathered, SeenItem
from shufang.circulation.queries.locking import Locked, lock
from shufang.circulation.repeats import repeat_of_item
from shufang.circulation.rules.card import ShownCard
from shufang.circulation.rules.lending import CLOCK_TOLERANCE, Copy, Holds, LendingFacts
from shufang.circulation.time_believed import newest_believed
from shufang.kernel.refusal import Refusal, Value

_NO_HOLDS = Holds()
_FROM_A_STRANGER = frozenset({"pin_wrong", "pin_locked"})


@dataclass(frozen=True, slots=True)
class Situation:
    """What was read under the locks. `facts` None: `unknown` says whether it is the card or the item."""

    gathered: Gathered
    rules: Rules
    today: date
    facts: LendingFacts | None
    unknown: Refusal | None

    def repeated(self, request: RequestKey | None, now: datetime) -> Repeated | None:
        """Return the reply that the item's terminal got before, if this request repeats it. Asks only when it may."""
        item = self.gathered.item
        if item is None or not self.gathered.may_repeat:
            return None
        return repeat_of_item(request, item.item_id, now)

    def named(self, refusal: Refusal) -> Refusal:
        """Return a refusal with the `title` of the item that lies there, and the `due_at` of this reader's loan of it.

        Who did not give the right PIN does not hear that the reader has the item.
        """
        item, card, loan = self.gathered.item, self.gathered.card, self.gathered.loan
        if item is None:
            return refusal
        values: dict[str, Value] = {"title": item.title}
        is_own = loan is not None and card is not None and loan.patron_id == card.patron_id
        if loan is not None and is_own and refusal.code not in _FROM_A_STRANGER:
            values["due_at"] = loan.due_at
        return replace(refusal, values={**values, **refusal.values})


def look(
    cursor: CursorWrapper,
    card_number: str,
    barcode: str,
    place: Place,
    pin: PinCheck,
    now: datetime,
    request: RequestKey | None = None,
    pin_version: int | None = None,
) -> Situation:
    """Lock and read. One statement to lock (PostgreSQL only) and one to gather; more only for a loan or a hold.

    `pin_version`: of the PIN that was found right; when the card has another one by now, it is wrong.
    """
    local = zone()
    today = now.astimezone(local).date()
    locked = lock(cursor, card_number, barcode)
    key = request.key if request is not None else b""
    seen = lending.gather(cursor, card_number, barcode, place.branch_id, today.replace(day=1), key, now)
    rules = in_force(seen.rules_stamp)
    card, item, loan = seen.card, seen.item, seen.loan
    if card is None:
        return Situation(seen, rules, today, None, Refusal("card_unknown", {"card_number": card_number}))
    if item is None:
        return Situation(seen, rules, today, None, Refusal("item_unknown", {"barcode": barcode}))
    holds = holds_on(item.item_id, card.patron_id, now) if seen.has_holds else _NO_HOLDS
    if not locked.is_everything:
        _check(locked, seen, card, item, holds)
    library_id = rules.branches[place.branch_id].library_id
    is_own = loan is not None and loan.patron_id == card.patron_id
    facts = LendingFacts(
        card=card,
        copy=_copy(item, rules.item_kinds[item.kind_id]),
        loan=loan,
        standing=seen.standing,
        holds=holds,
        policy=rules.policy(item.library_id, card.kind_id, item.kind_id, today),
        agreement=rules.agreement(item.library_id, library_id, today) if item.library_id != library_id else None,
        limits=rules.limits_of(card.kind_id),
        can_borrow=rules.card_kinds[card.kind_id].can_borrow,
        library_id=library_id,
        is_machine=not place.is_attended,
        pin=pin.value if pin_version in (None, seen.pin_version) else PinCheck.WRONG.value,
        today=today,
        zone=local,
        newest_event_at=_newest(seen.newest_event_at, now),
        is_open=rules.is_open(loan.calendar_branch_id if loan is not None and is_own else place.branch_id),
    )
    return Situation(seen, rules, today, facts, None)


def _newest(seen: datetime | None, now: datetime) -> datetime | None:
    """Return the newest event's time; where it would stop lending, that of the newest that is believed (one query)."""
    return seen if seen is None or now >= seen - CLOCK_TOLERANCE else newest_believed()


def _copy(item: SeenItem, kind: ItemKindTerms) -> Copy:
    return Copy(
        item.item_id,
        item.title_id,
        item.library_id,
        item.kind_id,
        kind.group_id,
        item.status,
        item.is_for_loan and kind.is_for_loan,
        kind.least_age,
        item.title,
        item.material,
    )


def _check(locked: Locked, seen: Gathered, card: ShownCard, item: SeenItem, holds: Holds) -> None:
    patrons = {card.patron_id}
    if seen.loan is not None:
        patrons.add(seen.loan.patron_id)
    items = {item.item_id, *(item_id for _, item_id in holds.own if item_id is not None)}
    locked.check(item.title_id if seen.has_holds else None, patrons, items)
