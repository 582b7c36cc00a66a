"""Where a hold stands in its queue, and when its patron may honestly expect an item."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.copies import copies_of
from shufang.circulation.hold_queue import ASSIGNED
from shufang.circulation.models import Hold, Loan
from shufang.circulation.policies import now_in_force
from shufang.circulation.rules.holds import TRANSIT_DAYS, Supply, expected_on, is_wanted_copy
from shufang.patrons.models import Card

HERE = frozenset({ItemStatus.AVAILABLE, ItemStatus.TO_BE_SHELVED})
GONE = frozenset(
    {
        ItemStatus.IN_PROCESS,
        ItemStatus.ON_ORDER,
        ItemStatus.MISSING,
        ItemStatus.LOST,
        ItemStatus.CLAIMED_RETURNED,
        ItemStatus.DAMAGED,
        ItemStatus.WITHDRAWN,
    }
)
"""Statuses of items that nobody can be promised."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """`position` counts from 1 (0: an item is assigned). `available`: a copy for this very hold stands on a shelf now."""

    position: int
    expected_on: date | None
    available: bool


def queue_place(hold: Hold, now: datetime) -> QueuePlace:
    """Return the place of an open hold. Everybody ahead who may get one of the same copies counts, suspended or not.

    Costs about seven queries.
    """
    today = timezone.localdate(now)
    if hold.patron_id is None:
        return QueuePlace(0, None, available=False)
    if hold.status in ASSIGNED:
        arrives = today + timedelta(days=TRANSIT_DAYS if hold.status == Hold.Status.IN_TRANSIT else 0)
        return QueuePlace(0, arrives, available=hold.status == Hold.Status.READY)
    items = _copies(hold, hold.patron_id, today)
    ahead = _ahead(hold, items)
    supplies = _supplies(hold, hold.patron_id, items, today)
    free = any(item.status == ItemStatus.AVAILABLE for item in items)
    return QueuePlace(ahead + 1, expected_on(supplies, ahead), available=free and ahead == 0)


def _copies(hold: Hold, patron_id: int, today: date) -> list[Item]:
    kinds = Card.objects.filter(patron_id=patron_id, status=Card.Status.ACTIVE).values_list("kind_id", flat=True)
    card_kinds = frozenset(kinds)
    items = Item.objects.filter(title_id=hold.title_id).exclude(status__in=GONE).select_related("kind").order_by("id")
    wanted = [item for item in items if is_wanted_copy(hold.volume, hold.wanted_item_id, item.pk, item.volume)]
    able = {
        copy.item_id
        for copy in copies_of(wanted, card_kinds, today)
        if copy.is_for_loan and copy.holdable_by and hold.pickup_branch.library_id in copy.lends_at
    }
    return [item for item in wanted if item.pk in able]


def _ahead(hold: Hold, items: list[Item]) -> int:
    earlier = Hold.objects.filter(
        Q(queued_at__lt=hold.queued_at) | Q(queued_at=hold.queued_at, id__lt=hold.pk),
        title_id=hold.title_id,
        status=Hold.Status.WAITING,
    ).values_list("volume", "wanted_item_id")
    kinds_of_copies = {(item.pk, item.volume) for item in items}
    return sum(
        any(is_wanted_copy(volume, wanted, item_id, of_item) for item_id, of_item in kinds_of_copies)
        for volume, wanted in earlier
    )


def _supplies(hold: Hold, patron_id: int, items: list[Item], today: date) -> list[Supply]:
    ids = [item.pk for item in items]
    due = dict(Loan.objects.filter(item_id__in=ids).exclude(status=Loan.Status.CLOSED).values_list("item_id", "due_at"))
    assigned = set(Hold.objects.filter(item_id__in=ids, status__in=ASSIGNED).values_list("item_id", flat=True))
    card_kind_id = Card.objects.filter(patron_id=patron_id).order_by("-id").values_list("kind_id", flat=True).first()
    rules = now_in_force()
    supplies = []
    for item in items:
        policy = rules.policy(item.library_id, card_kind_id or 0, item.kind_id, today)
        turn = hold.pickup_branch.shelf_days + (policy.loan_days if policy else 0)
        free_on = _free_on(item, due.get(item.pk), today, turn if item.pk in assigned else 0)
        supplies.append(Supply(free_on, item.current_branch_id != hold.pickup_branch_id, turn))
    return supplies


def _free_on(item: Item, due_at: datetime | None, today: date, wait: int) -> date:
    """Return the day on which a copy comes free; one that is overdue is reckoned to stay out as long again."""
    if due_at is None:
        on_the_way = TRANSIT_DAYS if item.status == ItemStatus.IN_TRANSIT else 0
        return today + timedelta(days=wait or on_the_way)
    due = timezone.localdate(due_at)
    return due if due > today else today + timedelta(days=max((today - due).days, 1))
