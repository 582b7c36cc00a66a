"""What checkout and renewal decide from: one card, one item, and the rules that hold between them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.utils import CursorWrapper

from shufang.branches.replies import Repeated, RequestKey, repeated
from shufang.catalogue.models import Item
from shufang.circulation.hold_queue import ASSIGNED, first_waiting, satisfied_by
from shufang.circulation.local_days import zone
from shufang.circulation.models import Hold
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.policies import Rules, in_force
from shufang.circulation.queries import lending
from shufang.circulation.queries.lending import Gathered
from shufang.circulation.queries.locking import Locked, lock
from shufang.circulation.rules.lending import Holds, LendingFacts
from shufang.kernel.refusal import Refusal

_NO_HOLDS = Holds()


@dataclass(frozen=True, slots=True)
class Situation:
    """What was read under the locks. `facts` None: `unknown` says whether it is the card or the item."""

    gathered: Gathered
    rules: Rules
    today: date
    facts: LendingFacts | None
    unknown: Refusal | None

    def repeated(self, request: RequestKey | None, now: datetime) -> Repeated | None:
        """Return the reply that the item's terminal got before, if this request repeats it."""
        return repeated(request, self.gathered.stored, self.gathered.newest_event_id, now)


def look(
    cursor: CursorWrapper, card_number: str, barcode: str, place: Place, pin: PinCheck, now: datetime
) -> Situation:
    """Lock and read. One statement to lock (PostgreSQL only) and one to gather; more only where a hold stands."""
    local = zone()
    today = now.astimezone(local).date()
    locked = lock(cursor, card_number, barcode)
    seen = lending.gather(cursor, card_number, barcode, place.branch_id, today.replace(day=1), now)
    rules = in_force(seen.rules_stamp)
    card, copy = seen.card, seen.copy
    if card is None:
        return Situation(seen, rules, today, None, Refusal("card_unknown", {"card_number": card_number}))
    if copy is None:
        return Situation(seen, rules, today, None, Refusal("item_unknown", {"barcode": barcode}))
    holds = _holds(seen, now) if seen.has_holds else _NO_HOLDS
    _check(locked, seen, holds)
    branch = rules.branches[place.branch_id]
    loan = seen.loan
    facts = LendingFacts(
        card=card,
        copy=copy,
        loan=loan,
        standing=seen.standing,
        holds=holds,
        policy=rules.policy(copy.library_id, card.kind_id, copy.kind_id, today),
        agreement=rules.agreement(copy.library_id, branch.library_id, today),
        limits=rules.limits_of(card.kind_id),
        can_borrow=rules.card_kinds[card.kind_id].can_borrow,
        library_id=branch.library_id,
        is_machine=not place.is_attended,
        pin=pin.value,
        today=today,
        zone=local,
        newest_event_at=seen.newest_event_at,
        is_open=rules.is_open(
            loan.calendar_branch_id if loan is not None and loan.patron_id == card.patron_id else place.branch_id
        ),
    )
    return Situation(seen, rules, today, facts, None)


def _check(locked: Locked, seen: Gathered, holds: Holds) -> None:
    if locked.is_everything or seen.card is None or seen.copy is None:
        return
    patrons = {seen.card.patron_id}
    if seen.loan is not None:
        patrons.add(seen.loan.patron_id)
    items = {seen.copy.item_id, *(item_id for _, item_id in holds.own if item_id is not None)}
    locked.check(seen.copy.title_id if seen.has_holds else None, patrons, items)


def _holds(seen: Gathered, now: datetime) -> Holds:
    card, copy = seen.card, seen.copy
    if card is None or copy is None:
        return _NO_HOLDS
    assigned = Hold.objects.filter(item_id=copy.item_id, status__in=ASSIGNED).values_list("id", "patron_id").first()
    own = satisfied_by(card.patron_id, copy.item_id, copy.title_id, copy.volume).values_list("id", "item_id")
    first = first_waiting(Item.objects.select_related("kind").get(pk=copy.item_id), now)
    return Holds(
        assigned_id=assigned[0] if assigned else None,
        assigned_to=assigned[1] if assigned else None,
        own=tuple(own),
        waits_for=first.pk if first is not None and first.patron_id != card.patron_id else None,
    )
