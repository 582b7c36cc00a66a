"""Staff take an item out of the collection. Its record stays for ever, with its loans and events; nothing is deleted."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from shufang.audit.trail import record
from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, take_up
from shufang.circulation.mark_missing import take_out
from shufang.circulation.models import Hold
from shufang.circulation.place import Place
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class WithdrawItem:
    """Staff (`user_name`, for the audit) withdraw an item, for `reason`."""

    barcode: str
    place: Place
    reason: str
    user_name: str = ""
    request: RequestKey | None = None


def withdraw_item(command: WithdrawItem, now: datetime) -> ItemChanged | Refusal | Repeated:
    """Withdraw. Refuses item_unknown, reason_missing, item_is_withdrawn, item_on_loan (a reader answers for it: return it
    or write it off first) and item_is_held (a reader was promised this very item: cancel or fulfil the hold first).

    Holds on the title stay, even where it was the last copy: the reader hears of that from staff, not from silence.
    """
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        refusal = _refusal(command, found)
        if refusal is not None:
            return refusal
        item = found.item
        reason = command.reason.strip()
        record(command.place.user_id, command.user_name, "item_withdrawn", "item", item.pk, reason, now)
        return take_out(item, ItemStatus.WITHDRAWN, "withdraw_item", command.place, now)


def _refusal(command: WithdrawItem, found: ItemAtHand) -> Refusal | None:
    item = found.item
    if not command.reason.strip():
        return Refusal("reason_missing")
    if item.status == ItemStatus.WITHDRAWN:
        return Refusal("item_is_withdrawn")
    if found.loan is not None:
        return Refusal("item_on_loan")
    if Hold.objects.filter(Q(item=item) | Q(wanted_item=item), status__in=OPEN).exists():
        return Refusal("item_is_held")
    return None
