"""NUL and lone surrogates, which no database takes, are numbers that nobody has: a refusal, never an exception."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shufang.audit.models import Entry
from shufang.circulation.block_patron import BlockPatron, block_patron
from shufang.circulation.cancel_hold import CancelHold, cancel_hold
from shufang.circulation.checkin import Checkin, checkin
from shufang.circulation.checkout import Checkout, checkout
from shufang.circulation.conflicts import Reported
from shufang.circulation.hold import PlaceHold, place_hold
from shufang.circulation.item_information import item_information
from shufang.circulation.models import Conflict
from shufang.circulation.patron_status import patron_status
from shufang.circulation.place import PinCheck
from shufang.circulation.renew import Renew, renew
from shufang.circulation.renew_all import RenewAll, renew_all
from shufang.circulation.shelve import Shelve, shelve
from shufang.circulation.withdraw_item import WithdrawItem, withdraw_item
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Block
from tests.circulation.lending.world import NOW, World

STRANGE = ("\0", "X\0", "\ud800", "X0000001\udfff")


def _verbs(world: World, number: str) -> list[Callable[[], object]]:
    good, place = world.item().barcode, world.machine()
    return [
        lambda: checkout(Checkout(number, good, place), NOW),
        lambda: checkout(Checkout(world.reader().number, number, place), NOW),
        lambda: checkin(Checkin(number, place), NOW),
        lambda: renew(Renew(number, place, barcode=good), NOW),
        lambda: renew(Renew(world.reader().number, place, barcode=number), NOW),
        lambda: renew_all(RenewAll(number, place), NOW),
        lambda: place_hold(PlaceHold(number, place, barcode=good), NOW),
        lambda: place_hold(PlaceHold(world.reader().number, place, barcode=number), NOW),
        lambda: cancel_hold(CancelHold(place, card_number=number, barcode=number), NOW),
        lambda: item_information(number, NOW),
        lambda: shelve(Shelve(number, place), NOW),
        lambda: block_patron(BlockPatron(number, "x", place), NOW),
        lambda: patron_status(number, PinCheck.NOT_ASKED, NOW).refusal,
    ]


@pytest.mark.parametrize("number", STRANGE)
def test_every_verb_refuses_them(world: World, number: str) -> None:
    for verb in _verbs(world, number):
        refused = verb()
        assert isinstance(refused, Refusal), refused
        assert refused.code in {"card_unknown", "item_unknown"}


def test_what_people_write_is_kept_as_far_as_it_can_be(world: World) -> None:
    card, item = world.reader(), world.item()
    withdraw_item(WithdrawItem(item.barcode, world.desk(), "旧\0\ud800", "li\0"), NOW)
    assert Entry.objects.values_list("reason", "user_name").get() == ("旧\ufffd\ufffd", "li\ufffd")
    block_patron(BlockPatron(card.number, "a\0", world.machine()), NOW)
    assert Block.objects.get().reason == "a\ufffd"
    reported = checkout(Checkout("a\0", "b\ud800", world.machine(), happened_at=NOW - timedelta(hours=1)), NOW)
    assert isinstance(reported, Reported)
    assert Conflict.objects.values_list("card_number", "barcode").get() == ("a\ufffd", "b\ufffd")
