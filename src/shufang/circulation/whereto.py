"""Where an item goes that was taken back: to the reader who waits first, else onto the shelf here, else home."""

from dataclasses import dataclass
from datetime import datetime

from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.hold_queue import ReceivedTransit, receive_transit, trap
from shufang.circulation.models import Transit
from shufang.circulation.place import Place
from shufang.circulation.policies import Rules
from shufang.circulation.queries.returning import Returning
from shufang.circulation.rules.checkin import ReturnFacts, stays_here

_KEPT_ASIDE = frozenset({ItemStatus.WITHDRAWN, ItemStatus.DAMAGED})


@dataclass(frozen=True, slots=True)
class Whereto:
    """An item's new status, SIP2's alert (CV), and the code of the branch it must go to (None: it stays)."""

    status: ItemStatus
    alert: str | None = None
    destination: str | None = None
    hold_id: int | None = None
    transit_id: int | None = None


def whereto(item: Returning, facts: ReturnFacts, rules: Rules, place: Place, now: datetime) -> Whereto:
    """Decide, and write transit and hold; the item's row is the caller's. No statement where nothing waits or travels.

    At an unattended device the item is to be shelved, and the second scan begins shelf time or transit. What is
    withdrawn or damaged stays so, for staff to look at.
    """
    received = receive_transit(item.item_id, place.branch_id, now) if item.is_travelling else None
    old = ItemStatus(item.status)
    if old in _KEPT_ASIDE:
        return Whereto(old, alert="99")
    if item.has_holds:
        held = trap(item.item_id, place.branch_id, is_attended=place.is_attended, now=now)
        if held is not None:
            elsewhere = held.pickup_branch_id != place.branch_id
            return Whereto(
                held.item_status,
                held.alert,
                held.pickup_branch_code if elsewhere else None,
                held.hold_id,
                held.transit_id,
            )
    return _nobody_waits(item, facts, rules, place, received, now)


def _nobody_waits(
    item: Returning, facts: ReturnFacts, rules: Rules, place: Place, received: ReceivedTransit | None, now: datetime
) -> Whereto:
    is_move = received is not None and received.reason == Transit.Reason.MOVE
    stays = received.has_arrived if received is not None and is_move else stays_here(facts)
    if stays:
        return Whereto(ItemStatus.AVAILABLE if place.is_attended else ItemStatus.TO_BE_SHELVED)
    destination_id = received.destination_id if received is not None and is_move else item.home_branch_id
    code = rules.branches[destination_id].code
    if not place.is_attended:
        return Whereto(ItemStatus.TO_BE_SHELVED, "04", code)
    transit = Transit.objects.create(
        item_id=item.item_id,
        origin_id=place.branch_id,
        destination_id=destination_id,
        reason=Transit.Reason.MOVE if is_move else Transit.Reason.HOME,
        sent_at=now,
    )
    return Whereto(ItemStatus.IN_TRANSIT, "04", code, None, transit.pk)
