"""An open hold that its reader (by card) or staff (by id) want to change: found and locked in the one order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Q

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.models import Item
from shufang.circulation.borrower import find_patron_id, lock_borrower, raise_revision
from shufang.circulation.event_log import log_event
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.locks import lock_items, lock_patrons, lock_titles
from shufang.circulation.models import Hold
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.repeats import repeat_of_item, repeat_of_patron
from shufang.circulation.rules.placing_hold import identity_refusal
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class WhichHold:
    """Which hold is meant: `hold_id` (staff; with a card number also the reader's own page), or a card's hold on a title
    (`title_id`, or `barcode`, which means the hold on this item or else on its title).
    """

    hold_id: int | None = None
    card_number: str = ""
    title_id: int | None = None
    barcode: str = ""
    pin: PinCheck = PinCheck.NOT_ASKED
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class HoldAtHand:
    """A hold under its locks: title, patron, and the item assigned to it."""

    hold: Hold
    patron: Patron


@dataclass(frozen=True, slots=True)
class HoldChanged:
    """A hold as it is now. `item_id`: the item it was for; then the reply belongs to the item, else to the patron."""

    hold_id: int
    event_id: int
    patron_id: int
    patron_revision: int
    title: str
    title_id: int
    item_id: int | None
    pickup_branch: str
    suspended_until: date | None


Changed = TypeVar("Changed", bound=HoldChanged)


def find_and_lock(which: WhichHold, now: datetime) -> HoldAtHand | Refusal | Repeated:
    """Find and lock. Refuses card_unknown, hold_unknown and what keeps a stranger from another's card (PIN, lost)."""
    patron_id: int | None = None
    if which.card_number:
        patron_id = find_patron_id(which.card_number)
        if patron_id is None:
            return Refusal("card_unknown", {"card_number": which.card_number})
    item = Item.objects.filter(barcode=which.barcode).first() if which.barcode else None
    seen = Hold.objects.filter(_meant(which, item, patron_id), status__in=OPEN).first()
    title_id = item.title_id if item else which.title_id
    if seen is not None:
        title_id, patron_id = seen.title_id, seen.patron_id
    if title_id is None or patron_id is None:
        return Refusal("hold_unknown")
    lock_titles([title_id])
    locked = _lock_patron(which, patron_id)
    if isinstance(locked, Refusal):
        return locked
    hold = _lock_item_and_read(which, item, patron_id)
    again = _repeat(which, locked, item, now)
    if again is not None:
        return again
    return HoldAtHand(hold, locked) if hold is not None else Refusal("hold_unknown")


def _meant(which: WhichHold, item: Item | None, patron_id: int | None) -> Q:
    if which.hold_id is not None:
        return Q(pk=which.hold_id) & (Q(patron_id=patron_id) if patron_id is not None else Q())
    title_id = item.title_id if item else which.title_id
    mine = Q(patron_id=patron_id, title_id=title_id, patron_id__isnull=False)
    if item is None:
        return mine
    return mine & (Q(wanted_item=item) | Q(item=item) | Q(wanted_item__isnull=True, volume__in={"", item.volume}))


def _lock_patron(which: WhichHold, patron_id: int) -> Patron | Refusal:
    if not which.card_number:
        lock_patrons([patron_id])
        return Patron.objects.get(pk=patron_id)
    borrower = lock_borrower(which.card_number, patron_id)
    return identity_refusal(borrower.facts(which.pin)) or borrower.patron


def _lock_item_and_read(which: WhichHold, item: Item | None, patron_id: int) -> Hold | None:
    """Read the hold under the title's lock (nobody else assigns items now), then lock its item; item holds come first."""
    holds = Hold.objects.filter(_meant(which, item, patron_id), status__in=OPEN, patron_id=patron_id)
    found = sorted(
        holds.select_related("pickup_branch", "title"), key=lambda hold: (hold.wanted_item_id is None, hold.pk)
    )
    hold = found[0] if found else None
    ids = {item.pk} if item else set()
    if hold is not None and hold.item_id is not None:
        ids.add(hold.item_id)
    lock_items(ids)
    return hold


def _repeat(which: WhichHold, patron: Patron, item: Item | None, now: datetime) -> Repeated | None:
    again = repeat_of_patron(which.request, patron, now)
    if again is None and item is not None:
        again = repeat_of_item(which.request, item.pk, now)
    return again


def changed(kind: type[Changed], found: HoldAtHand, verb: str, place: Place, now: datetime) -> Changed:
    """Record that a hold was changed and say what it is now."""
    hold = found.hold
    event_id = log_event(verb, now, place, item_id=hold.wanted_item_id, title_id=hold.title_id)
    return kind(
        hold_id=hold.pk,
        event_id=event_id,
        patron_id=found.patron.pk,
        patron_revision=raise_revision(found.patron),
        title=hold.title.title,
        title_id=hold.title_id,
        item_id=hold.wanted_item_id,
        pickup_branch=hold.pickup_branch.code,
        suspended_until=hold.suspended_until if hold.is_suspended else None,
    )
