"""Staff take a withdrawn item back into the collection: it is to be shelved, and the scan says where it goes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.audit.trail import record
from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.event_log import log_event
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, change_status, take_up
from shufang.circulation.place import Place
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ReinstateItem:
    """Staff (`user_name`, for the audit) put an item that lies at `place` back into the collection, for `reason`."""

    barcode: str
    place: Place
    reason: str
    user_name: str = ""
    request: RequestKey | None = None


def reinstate_item(command: ReinstateItem, now: datetime) -> ItemChanged | Refusal | Repeated:
    """Reinstate. Refuses item_unknown, reason_missing, item_not_withdrawn. Whoever waits is served at the scan (shelve)."""
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        item, place, reason = found.item, command.place, command.reason.strip()
        if not reason:
            return Refusal("reason_missing")
        if item.status != ItemStatus.WITHDRAWN:
            return Refusal("item_not_withdrawn")
        detail = change_status(item, ItemStatus.TO_BE_SHELVED, now)
        item.current_branch_id = place.branch_id
        item.save(update_fields=["current_branch"])
        record(place.user_id, command.user_name, "item_reinstated", "item", item.pk, reason, now)
        event_id = log_event("reinstate_item", now, place, item_id=item.pk, title_id=item.title_id, detail=detail)
        return ItemChanged(event_id, item.pk, item.title.title, ItemStatus.TO_BE_SHELVED)
