"""Changing where a hold is picked up, or until when it is of use (SIP2's 15 with mode *)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from shufang.branches.models import Branch
from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.copies import copies_of
from shufang.circulation.hold_at_hand import HoldAtHand, HoldChanged, WhichHold, changed, find_and_lock
from shufang.circulation.models import Hold
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.rules.holds import is_wanted_copy
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ChangePickup:
    """Another pick-up branch (empty: as it is) and another last day of use (empty: as it is)."""

    place: Place
    pickup_branch_id: int | None = None
    not_needed_after: date | None = None
    hold_id: int | None = None
    card_number: str = ""
    title_id: int | None = None
    barcode: str = ""
    pin: PinCheck = PinCheck.NOT_ASKED
    request: RequestKey | None = None


def change_pickup(command: ChangePickup, now: datetime) -> HoldChanged | Refusal | Repeated:
    """Change. Refuses hold_unknown, pickup_not_here (no such branch, no pick-up there, or the owner does not lend
    there), date_in_the_past, and a bad card. An item that stands ready elsewhere must be sent on: it is to be shelved.
    """
    if command.not_needed_after is not None and command.not_needed_after < timezone.localdate(now):
        return Refusal("date_in_the_past", {"date": command.not_needed_after})
    which = WhichHold(
        command.hold_id, command.card_number, command.title_id, command.barcode, command.pin, command.request
    )
    with transaction.atomic():
        found = find_and_lock(which, now)
        if not isinstance(found, HoldAtHand):
            return found
        refusal = _move(found.hold, command, now)
        if refusal is not None:
            return refusal
        found.hold.not_needed_after = command.not_needed_after or found.hold.not_needed_after
        found.hold.save(update_fields=["pickup_branch", "not_needed_after", "status", "ready_at", "pickup_until"])
        return changed(HoldChanged, found, "change_pickup", command.place, now)


def _move(hold: Hold, command: ChangePickup, now: datetime) -> Refusal | None:
    if command.pickup_branch_id is None or command.pickup_branch_id == hold.pickup_branch_id:
        return None
    branch = Branch.objects.filter(pk=command.pickup_branch_id, is_enabled=True, is_pickup=True).first()
    if branch is None or not _may_go_there(hold, branch, now):
        return Refusal("pickup_not_here")
    hold.pickup_branch = branch
    if hold.status == Hold.Status.READY and hold.item_id is not None:
        hold.status = Hold.Status.TRAPPED
        hold.ready_at = hold.pickup_until = None
        Item.objects.filter(pk=hold.item_id).update(status=ItemStatus.TO_BE_SHELVED, status_since=now)
    return None


def _may_go_there(hold: Hold, branch: Branch, now: datetime) -> bool:
    items = Item.objects.filter(title_id=hold.title_id).select_related("kind")
    if hold.item_id is not None:
        items = items.filter(pk=hold.item_id)
    copies = copies_of(items, (), timezone.localdate(now))
    return any(
        copy.is_for_loan
        and branch.library_id in copy.lends_at
        and is_wanted_copy(hold.volume, hold.wanted_item_id, copy.item_id, copy.volume)
        for copy in copies
    )
