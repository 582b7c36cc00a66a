"""The queue of a title: which hold an item that just came in serves, and what becomes of an item whose hold ended.

Every function here runs inside a transaction of a verb that has locked the title (a waiting hold's patron is not
locked: passing an item on never waits for a reader's own business). `now` is aware, UTC.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation import shelf_time
from shufang.circulation.copies import copies_of
from shufang.circulation.models import Hold, Transit
from shufang.circulation.rules.holds import Waiting, first_served
from shufang.notices.outbox import put
from shufang.patrons.models import Block, Card

ASSIGNED = (Hold.Status.TRAPPED, Hold.Status.IN_TRANSIT, Hold.Status.READY)
OPEN = (Hold.Status.WAITING, *ASSIGNED)


@dataclass(frozen=True, slots=True)
class TrappedHold:
    """A hold that an item now serves. The caller sets the item's status to `item_status`; nothing else is left to do.

    `status` is TRAPPED (unattended: the second scan decides), READY (`pickup_until` runs) or IN_TRANSIT (`transit_id` is
    the slip's number). `alert` is SIP2's CV: 01 for a pick-up at this branch, 02 elsewhere.
    """

    hold_id: int
    status: Hold.Status
    item_status: ItemStatus
    pickup_branch_id: int
    pickup_branch_code: str
    alert: str
    pickup_until: datetime | None = None
    transit_id: int | None = None


@dataclass(frozen=True, slots=True)
class HeldFor:
    """The open hold that an item is assigned to."""

    hold_id: int
    patron_id: int
    status: Hold.Status
    pickup_branch_id: int
    pickup_branch_code: str
    pickup_until: datetime | None


@dataclass(frozen=True, slots=True)
class ReceivedTransit:
    """A transit that ended here. `has_arrived`: this branch was its destination (a MOVE that arrived stays here)."""

    transit_id: int
    reason: Transit.Reason
    destination_id: int
    has_arrived: bool
    hold_id: int | None


def waiting(title_id: int, now: datetime) -> tuple[Waiting, ...]:
    """Return the waiting holds of a title in the order of their queue, suspended ones too. One query."""
    today = timezone.localdate(now)
    good_card = Card.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=today),
        patron_id=OuterRef("patron_id"),
        status=Card.Status.ACTIVE,
        kind__can_borrow=True,
    )
    rows = (
        Hold.objects.filter(title_id=title_id, status=Hold.Status.WAITING)
        .annotate(
            card_kind=Subquery(good_card.values("kind_id")[:1]),
            blocked=Exists(Block.objects.filter(patron_id=OuterRef("patron_id"), lifted_at__isnull=True)),
            born=F("patron__birth_date"),
        )
        .select_related("pickup_branch")
        .order_by("queued_at", "id")
    )
    return tuple(
        Waiting(
            hold_id=hold.pk,
            queued_at=hold.queued_at,
            volume=hold.volume,
            wanted_item_id=hold.wanted_item_id,
            pickup_branch_id=hold.pickup_branch_id,
            pickup_library_id=hold.pickup_branch.library_id,
            pickup_is_open=hold.pickup_branch.is_enabled and hold.pickup_branch.is_pickup,
            is_suspended=hold.is_suspended,
            suspended_until=hold.suspended_until,
            not_needed_after=hold.not_needed_after,
            card_kind_id=hold.card_kind,
            birth_date=hold.born,
            may_borrow=hold.card_kind is not None and not hold.blocked,
        )
        for hold in rows
    )


def first_waiting(item: Item, now: datetime) -> Hold | None:
    """Return the hold of the queue that this item (its kind read with it) serves first; None for nobody."""
    today = timezone.localdate(now)
    queue = waiting(item.title_id, now)
    if not queue:
        return None
    kinds = {hold.card_kind_id for hold in queue if hold.card_kind_id is not None}
    (copy,) = copies_of([item], kinds, today)
    found = first_served(queue, copy, today)
    return Hold.objects.select_related("pickup_branch").get(pk=found.hold_id) if found else None


def held_for(item_id: int) -> HeldFor | None:
    """Return the hold that an item is kept for (to be shelved, in transit or on the hold shelf), if any. One query."""
    hold = Hold.objects.filter(item_id=item_id, status__in=ASSIGNED).select_related("pickup_branch").first()
    if hold is None or hold.patron_id is None:
        return None
    return HeldFor(
        hold_id=hold.pk,
        patron_id=hold.patron_id,
        status=Hold.Status(hold.status),
        pickup_branch_id=hold.pickup_branch_id,
        pickup_branch_code=hold.pickup_branch.code,
        pickup_until=hold.pickup_until,
    )


def receive_transit(item_id: int, branch_id: int, now: datetime) -> ReceivedTransit | None:
    """End the open transit of an item that was scanned at a branch; None when it was not travelling.

    Call it before `trap`, which sends the item on when it came to the wrong place and somebody waits for it elsewhere.
    """
    transit = Transit.objects.filter(item_id=item_id, received_at__isnull=True).first()
    if transit is None:
        return None
    transit.received_at = now
    transit.save(update_fields=["received_at"])
    return ReceivedTransit(
        transit_id=transit.pk,
        reason=Transit.Reason(transit.reason),
        destination_id=transit.destination_id,
        has_arrived=transit.destination_id == branch_id,
        hold_id=transit.hold_id,
    )


def trap(item_id: int, branch_id: int, *, is_attended: bool, now: datetime) -> TrappedHold | None:
    """Assign an item that lies at a branch to the hold that it serves: its own if it has one, else the queue's first.

    The hold's row (and a transit, and the notice) is written; the item's row is the caller's. Attended, or in the box of
    a book cabinet, the shelf time or transit begins now; else the hold is TRAPPED until the second scan. None: nobody
    whom this item can serve is waiting.
    """
    hold = Hold.objects.filter(item_id=item_id, status__in=ASSIGNED).select_related("pickup_branch").first()
    if hold is None:
        hold = first_waiting(Item.objects.select_related("kind").get(pk=item_id), now)
        if hold is None:
            return None
    branch = Branch.objects.get(pk=branch_id)
    return _assign(hold, item_id, branch, is_attended=is_attended, now=now)


def _assign(hold: Hold, item_id: int, branch: Branch, *, is_attended: bool, now: datetime) -> TrappedHold:
    is_here = hold.pickup_branch_id == branch.pk
    hold.item_id = item_id
    if is_here and (is_attended or branch.kind == Branch.Kind.BOOK_CABINET):
        return _make_ready(hold, now)
    hold.ready_at = hold.pickup_until = None
    if not is_here and is_attended:
        transit = _send(hold, item_id, branch.pk, now)
        return _settled(hold, Hold.Status.IN_TRANSIT, ItemStatus.IN_TRANSIT, is_here=False, transit_id=transit.pk)
    return _settled(hold, Hold.Status.TRAPPED, ItemStatus.TO_BE_SHELVED, is_here=is_here)


def _make_ready(hold: Hold, now: datetime) -> TrappedHold:
    if hold.status != Hold.Status.READY or hold.pickup_until is None:
        hold.ready_at = now
        hold.pickup_until = shelf_time.ends(hold.pickup_branch, now)
        put("hold_ready", "hold", hold.pk, occasion=timezone.localdate(hold.pickup_until).isoformat(), now=now)
    return _settled(hold, Hold.Status.READY, ItemStatus.ON_HOLD_SHELF, is_here=True)


def _send(hold: Hold, item_id: int, origin_id: int, now: datetime) -> Transit:
    under_way = Transit.objects.filter(item_id=item_id, received_at__isnull=True)
    under_way.update(received_at=now)
    return Transit.objects.create(
        item_id=item_id,
        origin_id=origin_id,
        destination_id=hold.pickup_branch_id,
        reason=Transit.Reason.HOLD,
        hold=hold,
        sent_at=now,
    )


def _settled(
    hold: Hold, status: Hold.Status, item_status: ItemStatus, *, is_here: bool, transit_id: int | None = None
) -> TrappedHold:
    hold.status = status
    hold.save(update_fields=["status", "item", "ready_at", "pickup_until"])
    return TrappedHold(
        hold_id=hold.pk,
        status=status,
        item_status=item_status,
        pickup_branch_id=hold.pickup_branch_id,
        pickup_branch_code=hold.pickup_branch.code,
        alert="01" if is_here else "02",
        pickup_until=hold.pickup_until,
        transit_id=transit_id,
    )


def fulfil(hold_id: int, now: datetime) -> None:
    """End a hold because its patron now has the item; `patron` is emptied. One statement; nothing happens twice."""
    Hold.objects.filter(pk=hold_id, status__in=OPEN).update(
        status=Hold.Status.FULFILLED, patron=None, ended_at=now, pickup_until=None
    )


def satisfied_by(patron_id: int, item_id: int, title_id: int, volume: str) -> QuerySet[Hold]:
    """Return this patron's open holds that borrowing this copy would satisfy (on it, its volume or its title)."""
    return Hold.objects.filter(
        Q(wanted_item_id=item_id) | Q(wanted_item__isnull=True, volume__in={"", volume}),
        patron_id=patron_id,
        title_id=title_id,
        status__in=OPEN,
    ).order_by("queued_at", "id")


def release(item_id: int, now: datetime) -> ItemStatus:
    """Pass on an item whose hold has just ended or let go of it; return the status that the item has then (set here).

    In transit it travels on to where it was sent and is looked at there. From the hold shelf it stays there, ready, for
    the next reader who picks up at this branch; else it is to be shelved, for a reader elsewhere or for nobody. The item
    must be locked.
    """
    item = Item.objects.select_related("kind", "current_branch").get(pk=item_id)
    old = ItemStatus(item.status)
    if old not in {ItemStatus.ON_HOLD_SHELF, ItemStatus.TO_BE_SHELVED}:
        return old
    hold = first_waiting(item, now)
    new = ItemStatus.TO_BE_SHELVED
    if hold is not None:
        stays = old is ItemStatus.ON_HOLD_SHELF and hold.pickup_branch_id == item.current_branch_id
        new = _assign(hold, item_id, item.current_branch, is_attended=stays, now=now).item_status
    if new is not old:
        Item.objects.filter(pk=item_id).update(status=new, status_since=now)
    return new


def unassign(item_id: int) -> int | None:
    """Take an item that nobody can pick up (missing, damaged) away from its hold, which waits again at its old place.

    Return the hold's id, None when there was none. Open transits of the item are the caller's.
    """
    hold = Hold.objects.filter(item_id=item_id, status__in=ASSIGNED).first()
    if hold is None:
        return None
    hold.status = Hold.Status.WAITING
    hold.item = hold.ready_at = hold.pickup_until = None
    hold.save(update_fields=["status", "item", "ready_at", "pickup_until"])
    return hold.pk
