"""Cancelling a hold: its patron is forgotten at once, its item passes to whoever is next."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation.hold_at_hand import HoldAtHand, HoldChanged, WhichHold, changed, find_and_lock
from shufang.circulation.hold_queue import release
from shufang.circulation.models import Hold
from shufang.circulation.place import PinCheck, Place
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class CancelHold:
    """A reader (card) or staff (hold id) give a hold up; see WhichHold."""

    place: Place
    hold_id: int | None = None
    card_number: str = ""
    title_id: int | None = None
    barcode: str = ""
    pin: PinCheck = PinCheck.NOT_ASKED
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class HoldCancelled(HoldChanged):
    """The hold that is no more."""


def cancel_hold(command: CancelHold, now: datetime) -> HoldCancelled | Refusal | Repeated:
    """Cancel. Refuses card_unknown, hold_unknown, and a card that is not good for it (lost, replaced, wrong PIN …)."""
    which = WhichHold(
        command.hold_id, command.card_number, command.title_id, command.barcode, command.pin, command.request
    )
    with transaction.atomic():
        found = find_and_lock(which, now)
        if not isinstance(found, HoldAtHand):
            return found
        end_hold(found.hold, Hold.Status.CANCELLED, now)
        return changed(HoldCancelled, found, "cancel_hold", command.place, now)


def end_hold(hold: Hold, status: Hold.Status, now: datetime) -> None:
    """End a locked hold as CANCELLED or EXPIRED: empty its patron and pass its item (locked too) on."""
    item_id = hold.item_id
    hold.status = status
    hold.patron = None
    hold.item = None
    hold.ended_at = now
    hold.pickup_until = None
    hold.is_suspended = False
    hold.save(update_fields=["status", "patron", "item", "ended_at", "pickup_until", "is_suspended"])
    if item_id is not None:
        release(item_id, now)
