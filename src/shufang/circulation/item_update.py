"""What a terminal writes to an item (SIP2's 19): its properties are recorded as an event, as they came."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.event_log import log_event
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, take_up
from shufang.circulation.place import Place
from shufang.kernel.refusal import Refusal

LONGEST = 255


@dataclass(frozen=True, slots=True)
class ItemUpdate:
    """`properties` is CH of message 19, at most LONGEST characters."""

    barcode: str
    properties: str
    place: Place
    request: RequestKey | None = None


def item_update(command: ItemUpdate, now: datetime) -> ItemChanged | Refusal | Repeated:
    """Record. Refuses item_unknown, properties_missing, properties_too_long."""
    if not command.properties.strip():
        return Refusal("properties_missing")
    if len(command.properties) > LONGEST:
        return Refusal("properties_too_long", {"limit": LONGEST})
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        item = found.item
        event_id = log_event(
            "item_update", now, command.place, item_id=item.pk, title_id=item.title_id, detail=command.properties
        )
        return ItemChanged(event_id, item.pk, item.title.title, ItemStatus(item.status))
