"""Placing a hold on a title, a volume of a set, or one item, for pick-up at a branch."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shufang.branches.models import Branch
from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.models import Item, Title
from shufang.circulation.borrower import Borrower, find_patron_id, lock_borrower, raise_revision
from shufang.circulation.copies import copies_of
from shufang.circulation.event_log import log_event
from shufang.circulation.hold_estimate import queue_place
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.locks import lock_items, lock_titles
from shufang.circulation.models import Hold, Limit, Loan
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.policies import now_in_force
from shufang.circulation.repeats import repeat_of_item, repeat_of_patron
from shufang.circulation.rules.holds import is_wanted_copy
from shufang.circulation.rules.placing_hold import HoldFacts, refuse_hold
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """A reader reserves. Either `title_id` or a `barcode`, which means this item, or with `any_copy` its title.

    `pickup_branch_id` empty: the branch of `place`. `not_needed_after`: the last day on which it is of use.
    """

    card_number: str
    place: Place
    title_id: int | None = None
    barcode: str = ""
    any_copy: bool = False
    volume: str = ""
    pickup_branch_id: int | None = None
    pin: PinCheck = PinCheck.NOT_ASKED
    not_needed_after: date | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """The hold and its honest place. `item_id`: the item wanted; then the reply belongs to the item, else to the patron."""

    hold_id: int
    event_id: int
    patron_id: int
    patron_revision: int
    title: str
    title_id: int
    item_id: int | None
    position: int
    expected_on: date | None
    available: bool
    pickup_branch: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    title: Title
    item_id: int | None
    volume: str
    pickup: Branch


def place_hold(command: PlaceHold, now: datetime) -> HoldPlaced | Refusal | Repeated:
    """Place a hold. Refuses card_unknown, title_unknown, item_unknown, and all that rules/placing_hold.py refuses."""
    with transaction.atomic():
        patron_id = find_patron_id(command.card_number)
        if patron_id is None:
            return Refusal("card_unknown", {"card_number": command.card_number})
        wanted = _wanted(command)
        if isinstance(wanted, Refusal):
            return wanted
        lock_titles([wanted.title.pk])
        borrower = lock_borrower(command.card_number, patron_id)
        lock_items([wanted.item_id] if wanted.item_id else [])
        again = _repeat(command, borrower, wanted, now)
        if again is not None:
            return again
        facts = _facts(command, borrower, wanted, timezone.localdate(now))
        return refuse_hold(facts) or _record(command, borrower, wanted, now)


def _wanted(command: PlaceHold) -> _Wanted | Refusal:
    branch_id = command.pickup_branch_id or command.place.branch_id
    pickup = Branch.objects.filter(pk=branch_id).first()
    if pickup is None:
        return Refusal("pickup_not_here")
    if command.barcode:
        item = Item.objects.select_related("title").filter(barcode=command.barcode).first()
        if item is None:
            return Refusal("item_unknown", {"barcode": command.barcode})
        if command.any_copy:
            return _Wanted(item.title, None, command.volume or item.volume, pickup)
        return _Wanted(item.title, item.pk, "", pickup)
    title = Title.objects.filter(pk=command.title_id, is_suppressed=False).first() if command.title_id else None
    return _Wanted(title, None, command.volume, pickup) if title else Refusal("title_unknown")


def _repeat(command: PlaceHold, borrower: Borrower, wanted: _Wanted, now: datetime) -> Repeated | None:
    if wanted.item_id is not None:
        return repeat_of_item(command.request, wanted.item_id, now)
    return repeat_of_patron(command.request, borrower.patron, now)


def _facts(command: PlaceHold, borrower: Borrower, wanted: _Wanted, today: date) -> HoldFacts:
    items = [
        item
        for item in Item.objects.filter(title=wanted.title).select_related("kind").order_by("id")
        if is_wanted_copy(wanted.volume, wanted.item_id, item.pk, item.volume)
    ]
    policy = now_in_force().policy(items[0].library_id, borrower.kind.pk, items[0].kind_id, today) if items else None
    pickup = wanted.pickup
    return HoldFacts(
        card=borrower.facts(command.pin),
        today=today,
        can_borrow=borrower.kind.can_borrow,
        card_kind_id=borrower.kind.pk,
        birth_date=borrower.patron.birth_date,
        owed=owed(borrower.patron.pk),
        charges_limit=policy.charges_limit if policy else None,
        copies=copies_of(items, [borrower.kind.pk], today),
        pickup_library_id=pickup.library_id,
        pickup_is_open=pickup.is_enabled and pickup.is_pickup,
        not_needed_after=command.not_needed_after,
        has_hold=_has_hold(borrower.patron.pk, wanted),
        has_loan=_has_loan(borrower.patron.pk, wanted),
        limits=_limits(borrower, items),
    )


def _has_hold(patron_id: int, wanted: _Wanted) -> bool:
    mine = Hold.objects.filter(patron_id=patron_id, title=wanted.title, status__in=OPEN)
    if wanted.item_id is None and not wanted.volume:
        return mine.exists()
    same_item = Q(wanted_item__isnull=True) | Q(wanted_item_id=wanted.item_id)
    return mine.filter(same_item, volume__in={"", wanted.volume}).exists()


def _has_loan(patron_id: int, wanted: _Wanted) -> bool:
    mine = Loan.objects.filter(patron_id=patron_id, item__title=wanted.title)
    if wanted.item_id is not None:
        return mine.filter(item_id=wanted.item_id).exists()
    return mine.filter(item__volume=wanted.volume).exists()


def _limits(borrower: Borrower, items: list[Item]) -> tuple[tuple[int, int], ...]:
    mine = Hold.objects.filter(patron=borrower.patron, status__in=OPEN)
    groups = {item.kind.group_id for item in items}
    counted = []
    for limit in Limit.objects.filter(card_kind=borrower.kind, counts="holds").order_by("id"):
        if limit.group_id is None:
            counted.append((mine.count(), limit.most))
        elif limit.group_id in groups:
            same = mine.filter(title__items__kind__group_id=limit.group_id).distinct().count()
            counted.append((same, limit.most))
    return tuple(counted)


def _record(command: PlaceHold, borrower: Borrower, wanted: _Wanted, now: datetime) -> HoldPlaced:
    hold = Hold.objects.create(
        patron=borrower.patron,
        title=wanted.title,
        volume=wanted.volume,
        wanted_item_id=wanted.item_id,
        pickup_branch=wanted.pickup,
        placed_at=now,
        queued_at=now,
        not_needed_after=command.not_needed_after,
    )
    event_id = log_event(
        "hold",
        now,
        command.place,
        item_id=wanted.item_id,
        title_id=wanted.title.pk,
        card_kind_id=borrower.kind.pk,
        birth_date=borrower.patron.birth_date,
    )
    place = queue_place(hold, now)
    return HoldPlaced(
        hold_id=hold.pk,
        event_id=event_id,
        patron_id=borrower.patron.pk,
        patron_revision=raise_revision(borrower.patron),
        title=wanted.title.title,
        title_id=wanted.title.pk,
        item_id=wanted.item_id,
        position=place.position,
        expected_on=place.expected_on,
        available=place.available,
        pickup_branch=hold.pickup_branch.code,
    )
