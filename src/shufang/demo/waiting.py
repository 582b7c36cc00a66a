"""Reservations at the end of the invented year, made by the verbs: most wait for a book that is out, some lie ready."""

from datetime import datetime

from django.db.models import Count, Q

from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, Title
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.place import PinCheck, Place
from shufang.demo.cast import done_as
from shufang.patrons.models import Card

WAITING = 18
READY = 6
FIRST_CARD = "D0002901"
"""The cards from here on reserve, if they owe nothing and have nothing overdue."""


def reserve(now: datetime) -> None:
    """Place the holds, in the caller's transaction. DemonstrationError when the rules refuse one."""
    branches = list(Branch.objects.filter(code__in=["GMD", "HC", "YZ"]).order_by("id"))
    cards = _cards(now)
    out = Title.objects.annotate(
        copies=Count("items"), lent=Count("items", filter=Q(items__status=ItemStatus.ON_LOAN))
    ).filter(copies=1, lent=1)
    for place, title_id in enumerate(out.order_by("id").values_list("id", flat=True)[:WAITING]):
        branch = branches[place % len(branches)]
        command = PlaceHold(cards.pop(), Place(branch.pk), title_id=title_id, pin=PinCheck.RIGHT)
        done_as(HoldPlaced, place_hold(command, now))
    free = Item.objects.filter(home_branch=branches[0], status=ItemStatus.AVAILABLE, barcode__gte="DX00001001")
    for barcode in free.order_by("-id").values_list("barcode", flat=True)[:READY]:
        desk = Place(branches[0].pk)
        done_as(HoldPlaced, place_hold(PlaceHold(cards.pop(), desk, barcode=barcode, pin=PinCheck.RIGHT), now))
        done_as(CheckedIn, checkin(Checkin(barcode, desk), now))


def _cards(now: datetime) -> list[str]:
    """Return the numbers of readers against whom nothing stands."""
    late = Q(patron__loans__due_at__lt=now) | Q(patron__charges__settled_at__isnull=True, patron__charges__isnull=False)
    good = Card.objects.filter(number__gte=FIRST_CARD, number__startswith="D0002", status=Card.Status.ACTIVE)
    return list(good.exclude(late).order_by("-number").values_list("number", flat=True)[: WAITING + READY])
