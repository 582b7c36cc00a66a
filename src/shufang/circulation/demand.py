"""Who waits for a copy that somebody holds in his hand, and whether those who wait need this very copy.

Asked only where an open hold stands on the title, under the lock of the title.
"""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.copies import copies_of
from shufang.circulation.hold_queue import ASSIGNED, satisfied_by, waiting
from shufang.circulation.models import Hold
from shufang.circulation.rules.holds import before, first_served, is_needed
from shufang.circulation.rules.lending import Holds

_FREE = (ItemStatus.AVAILABLE, ItemStatus.TO_BE_SHELVED)


def holds_on(item_id: int, patron_id: int, now: datetime) -> Holds:
    """Return the open holds of an item's title as they concern a patron who wants to take this item. Six queries."""
    today = timezone.localdate(now)
    item = Item.objects.select_related("kind").get(pk=item_id)
    assigned = Hold.objects.filter(item_id=item_id, status__in=ASSIGNED).values_list("id", "patron_id").first()
    own = tuple(satisfied_by(patron_id, item_id, item.title_id, item.volume).values_list("id", "item_id"))
    queue = waiting(item.title_id, now)
    kept_for_him = [kept for _, kept in own if kept is not None]
    free = _free_copies(item, kept_for_him) if queue and assigned is None else []
    kinds = {hold.card_kind_id for hold in queue if hold.card_kind_id is not None}
    copy, *others = copies_of([item, *free], kinds, today)
    mine = {hold_id for hold_id, _ in own}
    first = first_served(queue, copy, today)
    return Holds(
        assigned_id=assigned[0] if assigned else None,
        assigned_to=assigned[1] if assigned else None,
        own=own,
        waits_for=first.hold_id if first is not None and first.hold_id not in mine else None,
        is_needed=assigned is None and is_needed(copy, others, before(mine, queue), today),
    )


def _free_copies(item: Item, kept: list[int]) -> list[Item]:
    """Return what else could serve the queue now: copies that stand free, and those that this loan would set free."""
    on_shelf = Q(status__in=_FREE) & ~Q(pk__in=Hold.objects.filter(status__in=ASSIGNED).values("item_id"))
    others = Item.objects.filter(on_shelf | Q(pk__in=kept), title_id=item.title_id).exclude(pk=item.pk)
    return list(others.select_related("kind").order_by("id"))
