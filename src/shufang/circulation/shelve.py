"""The second scan: an item that came in at an unattended device is put where it belongs, and the scan says where.

Shelf time and notice, or the transit, of a hold begin here. A book that somebody found on a table may be scanned too.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.models import Branch
from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.event_log import log_event
from shufang.circulation.hold_queue import TrappedHold, receive_transit, trap
from shufang.circulation.item_at_hand import ItemAtHand, change_status, take_up
from shufang.circulation.models import Transit
from shufang.circulation.place import Place
from shufang.circulation.routing import move_of, shelve_or_send
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Shelve:
    """Somebody (or the cabinet's box) puts an item away at a branch."""

    barcode: str
    place: Place
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class Shelved:
    """Where the item goes: the shelf (AVAILABLE), the hold shelf until `pickup_until`, or by van to `destination_branch`.

    `alert` is SIP2's CV: 01 hold shelf, 02 to another branch for a hold, 04 to another branch, None for the shelf.
    """

    event_id: int
    item_id: int
    title: str
    call_number: str
    shelf: str
    status: ItemStatus
    alert: str | None
    hold_id: int | None
    destination_branch: str | None
    transit_id: int | None
    pickup_until: datetime | None


def shelve(command: Shelve, now: datetime) -> Shelved | Refusal | Repeated:
    """Shelve. Refuses item_unknown, item_on_loan (return it first), item_withdrawn, item_damaged."""
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        if found.loan is not None:
            return Refusal("item_on_loan")
        if found.item.status in {ItemStatus.WITHDRAWN, ItemStatus.DAMAGED}:
            return Refusal(f"item_{found.item.status}")
        return _record(found.item, command.place, now)


def _record(item: Item, place: Place, now: datetime) -> Shelved:
    branch = Branch.objects.get(pk=place.branch_id)
    received = receive_transit(item.pk, branch.pk, now)
    held = trap(item.pk, branch.pk, is_attended=True, now=now)
    transit: Transit | None = None
    if held is not None:
        status = held.item_status
    else:
        status, transit = shelve_or_send(item, branch, move_of(item, received), now)
    if item.current_branch_id != branch.pk:
        item.current_branch = branch
        item.save(update_fields=["current_branch"])
    detail = change_status(item, status, now)
    event_id = log_event("shelve", now, place, item_id=item.pk, title_id=item.title_id, detail=detail)
    return _shelved(item, event_id, held, transit)


def _shelved(item: Item, event_id: int, held: TrappedHold | None, transit: Transit | None) -> Shelved:
    destination: str | None = None
    alert: str | None = None
    if held is not None:
        destination = held.pickup_branch_code if held.transit_id is not None else None
        alert = held.alert
    elif transit is not None:
        destination, alert = transit.destination.code, "04"
    return Shelved(
        event_id=event_id,
        item_id=item.pk,
        title=item.title.title,
        call_number=item.call_number,
        shelf=item.shelf,
        status=ItemStatus(item.status),
        alert=alert,
        hold_id=held.hold_id if held else None,
        destination_branch=destination,
        transit_id=held.transit_id if held else (transit.pk if transit else None),
        pickup_until=held.pickup_until if held else None,
    )
