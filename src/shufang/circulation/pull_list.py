"""What staff of a branch should fetch from its shelves because somebody waits for it; scanning it (shelve) does the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.copies import copies_of
from shufang.circulation.hold_queue import waiting
from shufang.circulation.models import Hold
from shufang.circulation.rules.holds import Copy, Waiting, serves


@dataclass(frozen=True, slots=True)
class Pull:
    """One copy to fetch, for a hold of its title; nobody is named."""

    item_id: int
    barcode: str
    title: str
    call_number: str
    shelf: str
    hold_id: int
    pickup_branch_id: int


def pull_list(branch_id: int, now: datetime) -> tuple[Pull, ...]:
    """Return what to fetch at a branch, by shelf and call number; each waiting hold is fetched for at one branch only.

    A copy at the pick-up branch is taken before one that must travel. Costs three queries a title that has both a copy on
    a shelf of this branch and a waiting hold.
    """
    titles = Hold.objects.filter(
        status=Hold.Status.WAITING,
        title__items__status=ItemStatus.AVAILABLE,
        title__items__current_branch_id=branch_id,
    ).values_list("title_id", flat=True)
    pulls = [pull for title_id in sorted(set(titles)) for pull in _of_title(title_id, branch_id, now)]
    return tuple(sorted(pulls, key=lambda pull: (pull.shelf, pull.call_number, pull.barcode)))


def _of_title(title_id: int, branch_id: int, now: datetime) -> list[Pull]:
    today = timezone.localdate(now)
    queue = waiting(title_id, now)
    items = list(
        Item.objects.filter(title_id=title_id, status=ItemStatus.AVAILABLE)
        .select_related("kind", "title")
        .order_by("id")
    )
    copies = copies_of(items, {hold.card_kind_id for hold in queue if hold.card_kind_id is not None}, today)
    assigned = _assign(queue, list(zip(items, copies, strict=True)), today)
    return [
        Pull(
            item.pk,
            item.barcode,
            item.title.title,
            item.call_number,
            item.shelf,
            hold.hold_id,
            hold.pickup_branch_id,
        )
        for item, hold in assigned
        if item.current_branch_id == branch_id
    ]


def _assign(queue: Sequence[Waiting], free: list[tuple[Item, Copy]], today: date) -> list[tuple[Item, Waiting]]:
    """Give each hold of the queue, in its order, a copy that serves it, one at its pick-up branch if there is one."""
    assigned: list[tuple[Item, Waiting]] = []
    for hold in queue:
        fitting = [(item, copy) for item, copy in free if serves(copy, hold, today)]
        if fitting:
            best = min(fitting, key=lambda one: (one[0].current_branch_id != hold.pickup_branch_id, one[0].pk))
            free.remove(best)
            assigned.append((best[0], hold))
    return assigned
