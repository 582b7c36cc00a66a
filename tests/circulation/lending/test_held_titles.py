"""A copy from the open shelf in the hand of one reader, while others wait for the title: the queue comes first."""

from datetime import timedelta

import pytest

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.models import Conflict, Hold
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Block, Card
from tests.circulation.lending.world import NOW, World


def _outcome(world: World, card: Card, item: Item) -> str:
    done = checkout(Checkout(card.number, item.barcode, world.machine()), NOW)
    if isinstance(done, Refusal):
        assert done.values["title"] == item.title.title
        return done.code
    assert isinstance(done, CheckedOut)
    return "lent"


# Scenario 14
def test_the_only_free_copy_waits_for_who_reserved_the_title(world: World) -> None:
    item, stranger, first = world.item(), world.reader(), world.reader()
    hold = world.hold(first, item.title, pickup="HC")
    assert _outcome(world, stranger, item) == "held_for_another"
    assert _outcome(world, first, item) == "lent"
    hold.refresh_from_db()
    assert (hold.status, hold.patron_id) == ("fulfilled", None)


def test_a_copy_beyond_what_the_queue_can_use_is_lent(world: World) -> None:
    item = world.item()
    world.item(title=item.title, home="HC")
    spare = world.item(title=item.title, status=ItemStatus.TO_BE_SHELVED)
    for _ in range(2):
        world.hold(world.reader(), item.title)
    assert _outcome(world, world.reader(), spare) == "lent"
    assert _outcome(world, world.reader(), item) == "held_for_another"


def test_copies_that_cannot_serve_the_queue_do_not_count(world: World) -> None:
    item = world.item()
    for status in (ItemStatus.MISSING, ItemStatus.ON_HOLD_SHELF, ItemStatus.IN_PROCESS):
        world.item(title=item.title, status=status)
    world.item(title=item.title, kind="reference")
    world.lend(world.reader(), world.item(title=item.title))
    kept = Item.objects.get(title=item.title, status=ItemStatus.ON_HOLD_SHELF)
    world.hold(world.reader(), item.title, status="ready", item=kept)
    world.hold(world.reader(), item.title)
    assert _outcome(world, world.reader(), item) == "held_for_another"


def test_only_whom_this_copy_can_serve_comes_first(world: World) -> None:
    first, second = world.item(volume="上"), world.item(volume="下")
    Item.objects.filter(pk=second.pk).update(title=first.title)
    second.refresh_from_db()
    world.hold(world.reader(), first.title, volume="上")
    assert _outcome(world, world.reader(), second) == "lent"
    assert _outcome(world, world.reader(), first) == "held_for_another"


@pytest.mark.parametrize("why", ["suspended", "blocked", "expired", "no longer needed", "not lent there"])
def test_who_cannot_be_served_today_keeps_nobody_away(world: World, why: str) -> None:
    item, waits = world.item(), world.reader()
    hold = world.hold(waits, item.title)
    if why == "suspended":
        Hold.objects.update(is_suspended=True)
    elif why == "blocked":
        Block.objects.create(patron=waits.patron, reason="x", placed_at=NOW)
    elif why == "expired":
        Card.objects.filter(pk=waits.pk).update(expires_on=NOW.date() - timedelta(days=1))
    elif why == "no longer needed":
        Hold.objects.update(not_needed_after=NOW.date() - timedelta(days=1))
    else:
        hold.pickup_branch.is_pickup = False
        hold.pickup_branch.save()
    assert _outcome(world, world.reader(), item) == "lent"


def test_a_reader_further_back_waits_his_turn(world: World) -> None:
    item, second = world.item(), world.reader()
    earlier = world.hold(world.reader(), item.title)
    world.hold(second, item.title, at=NOW + timedelta(seconds=1))
    assert _outcome(world, second, item) == "held_for_another"
    Hold.objects.filter(pk=earlier.pk).update(is_suspended=True)
    assert _outcome(world, second, item) == "lent"


def test_an_item_that_one_waits_for_by_name_is_not_taken_by_the_title(world: World) -> None:
    named = world.item()
    any_copy = world.item(title=named.title)
    world.hold(world.reader(), named.title)
    world.hold(world.reader(), named.title, wanted_item=named, at=NOW + timedelta(seconds=1))
    for item in (named, any_copy):
        assert _outcome(world, world.reader(), item) == "held_for_another"


def test_the_owner_may_let_the_shelf_go_first(world: World) -> None:
    item = world.item()
    hold = world.hold(world.reader(), item.title)
    world.change_policies(lends_held_titles=True)
    assert _outcome(world, world.reader(), item) == "lent"
    hold.refresh_from_db()
    assert hold.status == "waiting"


def test_staff_may_set_it_aside_and_a_dead_line_is_reported(world: World) -> None:
    item, other = world.item(), world.item()
    for one in (item, other):
        world.hold(world.reader(), one.title)
    card, code = world.reader(), frozenset({"held_for_another"})
    by_staff = Checkout(card.number, item.barcode, world.desk("GMD"), overrides=code, reason="urgent")
    assert isinstance(checkout(by_staff, NOW), CheckedOut)
    by_itself = Checkout(card.number, other.barcode, world.machine(), happened_at=NOW - timedelta(hours=1))
    done = checkout(by_itself, NOW)
    assert isinstance(done, CheckedOut)
    assert (done.conflict, Conflict.objects.get().code) == ("held_for_another", "held_for_another")
