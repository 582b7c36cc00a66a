"""Where an item goes that nobody waits for: it stays on the shelf here, or travels to its home branch."""

from datetime import datetime

from django.utils import timezone

from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.hold_queue import ReceivedTransit
from shufang.circulation.models import Transit
from shufang.circulation.policies import now_in_force
from shufang.circulation.rules.checkin import ReturnFacts, stays_here


def _stays_here(item: Item, branch: Branch, now: datetime) -> bool:
    facts = ReturnFacts(
        library_id=item.library_id,
        home_branch_id=item.home_branch_id,
        is_floating=item.is_floating,
        branch_id=branch.pk,
        at_library_id=branch.library_id,
        branch_is_floating=branch.is_floating,
        agreement=now_in_force().agreement(item.library_id, branch.library_id, timezone.localdate(now)),
        borrowed_at=None,
        returned_at=now,
        is_staff=False,
        is_travelling=False,
    )
    return stays_here(facts)


def send(item: Item, origin_id: int, destination_id: int, reason: Transit.Reason, now: datetime) -> Transit:
    """Put a locked item on its way (its open transit, if any, ends); the item's row is the caller's."""
    Transit.objects.filter(item=item, received_at__isnull=True).update(received_at=now)
    return Transit.objects.create(
        item=item, origin_id=origin_id, destination_id=destination_id, reason=reason, sent_at=now
    )


def move_of(item: Item, received: ReceivedTransit | None) -> int | None:
    """Return where an item was being moved to when it came in here (now, or at the unattended scan before this one)."""
    if received is not None:
        return received.destination_id if received.reason == Transit.Reason.MOVE else None
    if item.status != ItemStatus.TO_BE_SHELVED:
        return None
    came_in = Transit.objects.filter(item=item, reason=Transit.Reason.MOVE, received_at=item.status_since)
    return came_in.values_list("destination_id", flat=True).first()


def shelve_or_send(
    item: Item, branch: Branch, moving_to: int | None, now: datetime
) -> tuple[ItemStatus, Transit | None]:
    """Return the status that an item nobody waits for gets at a branch, and its transit if it travels (on, or home)."""
    if moving_to == branch.pk or (moving_to is None and _stays_here(item, branch, now)):
        return ItemStatus.AVAILABLE, None
    if moving_to is not None:
        return ItemStatus.IN_TRANSIT, send(item, branch.pk, moving_to, Transit.Reason.MOVE, now)
    return ItemStatus.IN_TRANSIT, send(item, branch.pk, item.home_branch_id, Transit.Reason.HOME, now)
