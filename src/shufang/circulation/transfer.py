"""Sending an item to another branch. It is received by a checkin (or a second scan) there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.models import Branch
from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.event_log import log_event
from shufang.circulation.hold_queue import held_for
from shufang.circulation.item_at_hand import ItemAtHand, change_status, take_up
from shufang.circulation.models import Transit
from shufang.circulation.place import Place
from shufang.circulation.routing import send
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Transfer:
    """Send an item to a branch; `is_permanent`: that branch becomes its home."""

    barcode: str
    to_branch_id: int
    place: Place
    is_permanent: bool = False
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class Transferred:
    """The item is on its way; `transit_id` is the number on the slip."""

    event_id: int
    item_id: int
    title: str
    transit_id: int
    destination_branch: str


def transfer(command: Transfer, now: datetime) -> Transferred | Refusal | Repeated:
    """Send. Refuses item_unknown, branch_unknown, item_on_loan, held_for_another, item_withdrawn, already_there."""
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        branch = Branch.objects.filter(pk=command.to_branch_id, is_enabled=True).first()
        if branch is None:
            return Refusal("branch_unknown")
        return _refusal(command, found) or _record(command, found, branch, now)


def _refusal(command: Transfer, found: ItemAtHand) -> Refusal | None:
    if found.loan is not None:
        return Refusal("item_on_loan")
    if found.item.status == ItemStatus.WITHDRAWN:
        return Refusal("item_withdrawn")
    if held_for(found.item.pk) is not None:
        return Refusal("held_for_another")
    if command.place.branch_id == command.to_branch_id and found.item.status != ItemStatus.IN_TRANSIT:
        return Refusal("already_there")
    return None


def _record(command: Transfer, found: ItemAtHand, branch: Branch, now: datetime) -> Transferred:
    item = found.item
    transit = send(item, command.place.branch_id, branch.pk, Transit.Reason.MOVE, now)
    if command.is_permanent:
        item.home_branch = branch
    item.current_branch_id = command.place.branch_id
    item.save(update_fields=["home_branch", "current_branch"])
    detail = f"{change_status(item, ItemStatus.IN_TRANSIT, now)} {branch.code}"
    event_id = log_event("transfer", now, command.place, item_id=item.pk, title_id=item.title_id, detail=detail)
    return Transferred(event_id, item.pk, item.title.title, transit.pk, branch.code)
