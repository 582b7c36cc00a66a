"""Holds from the wish to the pick-up, on the real database."""

import pytest
from django.utils import timezone

from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.cancel_hold import CancelHold, cancel_hold
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_queue import fulfil, held_for, trap
from shufang.circulation.models import Event, Hold, Limit, Transit
from shufang.circulation.pull_list import pull_list
from shufang.circulation.shelve import Shelve, Shelved, shelve
from shufang.circulation.suspend_hold import SuspendHold, suspend_hold
from shufang.kernel.refusal import Refusal
from shufang.notices.models import Notice
from tests.circulation.readers import (
    DAY,
    DUODUO,
    LI,
    NOW,
    WANG,
    ZHANG,
    at,
    branch,
    copy,
    lend,
    put_down,
    reserve,
    settle,
    status,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


def test_a_hold_has_its_place_and_an_honest_expectation() -> None:
    item = copy("H1")
    lend(item, LI, days=10)
    first = reserve(ZHANG, item)
    second = reserve(WANG, item, seconds=1)
    assert (first.position, second.position) == (1, 2)
    assert first.expected_on == timezone.localdate(NOW + 10 * DAY)
    turn = branch("GMD").shelf_days + 42
    assert second.expected_on == timezone.localdate(NOW + (10 + turn) * DAY)
    assert not first.available


def test_a_copy_on_the_shelf_is_available_to_the_first_only() -> None:
    item = copy("H1")
    assert reserve(ZHANG, item).available
    assert not reserve(WANG, item, seconds=1).available


def test_a_copy_elsewhere_travels_two_days() -> None:
    item = copy("H1", home="HC")
    assert reserve(ZHANG, item).expected_on == timezone.localdate(NOW + 2 * DAY)


def test_nobody_can_promise_a_missing_copy() -> None:
    item = copy("H1", status=ItemStatus.MISSING)
    assert reserve(ZHANG, item).expected_on is None


def test_the_event_names_no_patron() -> None:
    placed = reserve(ZHANG, copy("H1"))
    event = Event.objects.get(pk=placed.event_id)
    assert (event.verb, event.title_id, event.item_id, event.age_band) == ("hold", placed.title_id, None, "18-59")
    assert "张伟" not in event.detail


def test_refusals_of_the_verb() -> None:
    item = copy("H1")

    def code(command: PlaceHold) -> str:
        refused = place_hold(command, NOW)
        assert isinstance(refused, Refusal)
        return refused.code

    assert code(PlaceHold("nobody", at("GMD"), title_id=item.title_id)) == "card_unknown"
    assert code(PlaceHold(ZHANG, at("GMD"))) == "title_unknown"
    assert code(PlaceHold(ZHANG, at("GMD"), title_id=0)) == "title_unknown"
    assert code(PlaceHold(ZHANG, at("GMD"), barcode="no")) == "item_unknown"
    assert code(PlaceHold(ZHANG, at("GMD"), barcode="H1", pickup_branch_id=999999)) == "pickup_not_here"
    reference = copy("R1", "辞海", kind="reference")
    assert code(PlaceHold(ZHANG, at("GMD"), title_id=reference.title_id)) == "hold_not_allowed"
    lend(item, ZHANG)
    assert code(PlaceHold(ZHANG, at("GMD"), title_id=item.title_id)) == "already_on_loan"
    reserve(WANG, item)
    assert code(PlaceHold(WANG, at("GMD"), title_id=item.title_id)) == "hold_exists"
    assert code(PlaceHold(WANG, at("GMD"), barcode="H1")) == "hold_exists"


def test_the_limit_counts_open_holds() -> None:
    most = Limit.objects.get(card_kind__code="child", counts="holds", group__isnull=True).most
    for number in range(most):
        reserve(DUODUO, copy(f"L{number}", f"书{number}"))
    last = copy("LAST", "最后一本")
    refused = place_hold(PlaceHold(DUODUO, at("GMD"), title_id=last.title_id), NOW)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.values["limit"]) == ("hold_limit_reached", most)
    cancel_hold(CancelHold(at("GMD"), hold_id=Hold.objects.order_by("id")[0].pk), NOW)
    assert isinstance(place_hold(PlaceHold(DUODUO, at("GMD"), title_id=last.title_id), NOW), HoldPlaced)


def test_another_owner_must_lend_at_the_pickup_branch() -> None:
    item = copy("S1", "故宫", home="SD")
    assert isinstance(reserve(ZHANG, item), HoldPlaced)
    item.library.agreements.update(lends=False)
    refused = place_hold(PlaceHold(WANG, at("GMD"), title_id=item.title_id), NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "hold_not_allowed"
    assert put_down(item, "GMD", attended=True) is None


def test_attended_return_makes_it_ready_and_tells_the_reader() -> None:
    item = copy("H1")
    lend(item, LI).delete()
    placed = reserve(ZHANG, item)
    assert put_down(item, "GMD", attended=True) is ItemStatus.ON_HOLD_SHELF
    hold = Hold.objects.get(pk=placed.hold_id)
    assert hold.status == Hold.Status.READY
    assert hold.pickup_until is not None
    assert timezone.localdate(hold.pickup_until) == timezone.localdate(NOW) + branch("GMD").shelf_days * DAY
    notice = Notice.objects.get()
    assert (notice.template, notice.subject_id) == ("hold_ready", placed.hold_id)
    held = held_for(item.pk)
    assert held is not None
    assert held.patron_id == placed.patron_id


def test_shelf_time_skips_closed_days() -> None:
    """The main library is closed on Mondays; NOW is a Wednesday."""
    Branch.objects.filter(code="DX").update(shelf_days=5)
    item = copy("H1", home="DX")
    reserve(ZHANG, item, pickup="DX")
    put_down(item, "DX", attended=True)
    until = Hold.objects.get().pickup_until
    assert until is not None
    assert timezone.localdate(until) == timezone.localdate(NOW) + 6 * DAY


# Scenario 15
def test_unattended_return_waits_for_the_second_scan() -> None:
    item = copy("H1")
    placed = reserve(ZHANG, item)
    assert put_down(item, "GMD", attended=False) is ItemStatus.TO_BE_SHELVED
    hold = Hold.objects.get(pk=placed.hold_id)
    assert (hold.status, hold.pickup_until, Notice.objects.count()) == (Hold.Status.TRAPPED, None, 0)
    done = shelve(Shelve("H1", at("GMD", attended=False)), NOW)
    assert isinstance(done, Shelved)
    assert (done.status, done.alert, done.hold_id) == (ItemStatus.ON_HOLD_SHELF, "01", placed.hold_id)
    assert done.pickup_until is not None
    assert status("H1") is ItemStatus.ON_HOLD_SHELF
    assert Notice.objects.count() == 1


def test_the_box_of_a_cabinet_is_the_hold_shelf() -> None:
    Branch.objects.filter(code="HC").update(kind=Branch.Kind.BOOK_CABINET)
    item = copy("H1", home="HC")
    reserve(ZHANG, item, pickup="HC")
    assert put_down(item, "HC", attended=False) is ItemStatus.ON_HOLD_SHELF


# Scenario 16
def test_pickup_elsewhere_travels_and_is_ready_there() -> None:
    item = copy("H1")
    placed = reserve(ZHANG, item, pickup="HC")
    assert put_down(item, "GMD", attended=False) is ItemStatus.TO_BE_SHELVED
    sent = shelve(Shelve("H1", at("GMD")), NOW)
    assert isinstance(sent, Shelved)
    assert (sent.status, sent.alert, sent.destination_branch) == (ItemStatus.IN_TRANSIT, "02", "HC")
    transit = Transit.objects.get()
    assert (transit.pk, transit.reason, transit.hold_id) == (sent.transit_id, "hold", placed.hold_id)
    assert put_down(item, "HC", attended=True) is ItemStatus.ON_HOLD_SHELF
    transit.refresh_from_db()
    assert transit.received_at == NOW


def test_what_came_to_the_wrong_branch_travels_on() -> None:
    item = copy("H1")
    reserve(ZHANG, item, pickup="HC")
    put_down(item, "GMD", attended=True)
    assert put_down(item, "YZ", attended=True) is ItemStatus.IN_TRANSIT
    assert list(Transit.objects.filter(received_at__isnull=True).values_list("origin__code", "destination__code")) == [
        ("YZ", "HC")
    ]


# Scenario 14
def test_the_queue_is_fair_and_branches_do_not_matter() -> None:
    item = copy("H1")
    far = reserve(ZHANG, item, pickup="HC")
    reserve(WANG, item, pickup="GMD", seconds=1)
    held = trap(item.pk, branch("GMD").pk, is_attended=True, now=NOW)
    assert held is not None
    assert (held.hold_id, held.alert) == (far.hold_id, "02")


def test_volume_and_item_holds_get_only_what_they_mean() -> None:
    first, second = copy("V1", "红楼梦", volume="上册"), copy("V2", "红楼梦", volume="下册")
    wish = place_hold(PlaceHold(ZHANG, at("GMD"), title_id=first.title_id, volume="下册"), NOW)
    assert isinstance(wish, HoldPlaced)
    exact = place_hold(PlaceHold(WANG, at("GMD"), barcode="V1"), NOW)
    assert isinstance(exact, HoldPlaced)
    assert exact.item_id == first.pk
    assert (wish.position, exact.position) == (1, 1)
    held = trap(first.pk, branch("GMD").pk, is_attended=True, now=NOW)
    assert held is not None
    assert held.hold_id == exact.hold_id
    other = trap(second.pk, branch("GMD").pk, is_attended=True, now=NOW)
    assert other is not None
    assert other.hold_id == wish.hold_id


def test_fulfilment_forgets_the_patron() -> None:
    placed = reserve(ZHANG, copy("H1"))
    fulfil(placed.hold_id, NOW)
    hold = Hold.objects.get(pk=placed.hold_id)
    assert (hold.status, hold.patron_id, hold.ended_at) == (Hold.Status.FULFILLED, None, NOW)


def test_the_pull_list_names_each_hold_at_one_branch_the_nearest() -> None:
    there, here = copy("P1", home="HC"), copy("P2", home="GMD")
    first, second = reserve(ZHANG, here), reserve(WANG, here, seconds=1)
    asleep = reserve(LI, copy("P3", "另一本"))
    suspend_hold(SuspendHold(at("GMD"), asleep.hold_id), NOW)
    assert [(pull.item_id, pull.hold_id) for pull in pull_list(branch("GMD").pk, NOW)] == [(here.pk, first.hold_id)]
    assert [(pull.item_id, pull.hold_id) for pull in pull_list(branch("HC").pk, NOW)] == [(there.pk, second.hold_id)]
    shelve(Shelve("P2", at("GMD")), NOW)
    assert pull_list(branch("GMD").pk, NOW) == ()
    assert [pull.hold_id for pull in pull_list(branch("HC").pk, NOW)] == [second.hold_id]
