"""An item that should stand on its shelf does not: it is missing until somebody scans it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.event_log import log_event
from shufang.circulation.hold_queue import unassign
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, change_status, take_up
from shufang.circulation.models import Transit
from shufang.circulation.place import Place
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class MarkMissing:
    """Staff looked for an item in vain."""

    barcode: str
    place: Place
    request: RequestKey | None = None


def mark_missing(command: MarkMissing, now: datetime) -> ItemChanged | Refusal | Repeated:
    """Mark missing. Refuses item_unknown, item_on_loan, item_withdrawn. A hold that had it waits again at its place."""
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        if found.loan is not None:
            return Refusal("item_on_loan")
        if found.item.status == ItemStatus.WITHDRAWN:
            return Refusal("item_withdrawn")
        return take_out(found.item, ItemStatus.MISSING, "mark_missing", command.place, now)


def take_out(item: Item, status: ItemStatus, verb: str, place: Place, now: datetime) -> ItemChanged:
    """Take a locked item without loan out of lending: its transit ends, its hold waits again."""
    unassign(item.pk)
    Transit.objects.filter(item=item, received_at__isnull=True).update(received_at=now)
    detail = change_status(item, status, now)
    event_id = log_event(verb, now, place, item_id=item.pk, title_id=item.title_id, detail=detail)
    return ItemChanged(event_id, item.pk, item.title.title, status)
