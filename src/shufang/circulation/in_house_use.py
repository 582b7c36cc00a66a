"""An item was read in the branch and lay about: counted, nothing else changes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.event_log import log_event
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, take_up
from shufang.circulation.place import Place
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class InHouseUse:
    """Staff (or a table's reader) count one use."""

    barcode: str
    place: Place
    request: RequestKey | None = None


def in_house_use(command: InHouseUse, now: datetime) -> ItemChanged | Refusal | Repeated:
    """Count. Refuses item_unknown, item_on_loan (it lies here: return it), item_withdrawn."""
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        item = found.item
        if found.loan is not None:
            return Refusal("item_on_loan")
        if item.status == ItemStatus.WITHDRAWN:
            return Refusal("item_withdrawn")
        event_id = log_event("in_house_use", now, command.place, item_id=item.pk, title_id=item.title_id)
        return ItemChanged(event_id, item.pk, item.title.title, ItemStatus(item.status))
