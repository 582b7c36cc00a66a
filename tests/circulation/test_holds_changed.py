"""Holds that are cancelled, suspended or moved, and patrons who are blocked meanwhile, on the real database."""

import pytest

from shufang.branches.models import Branch
from shufang.branches.replies import Repeated, RequestKey, keep_reply
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.block_patron import BlockPatron, block_patron
from shufang.circulation.cancel_hold import CancelHold, HoldCancelled, cancel_hold
from shufang.circulation.change_pickup import ChangePickup, change_pickup
from shufang.circulation.enable_patron import EnablePatron, PatronEnabled, enable_patron
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_at_hand import HoldChanged
from shufang.circulation.hold_queue import trap, waiting
from shufang.circulation.models import Hold
from shufang.circulation.shelve import Shelve, Shelved, shelve
from shufang.circulation.suspend_hold import ResumeHold, SuspendHold, resume_hold, suspend_hold
from shufang.kernel.refusal import Refusal
from shufang.notices.models import Notice
from tests.circulation.readers import LI, NOW, WANG, ZHANG, at, branch, copy, patron, put_down, reserve, settle, status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


# Scenario 18
def test_a_suspended_hold_is_passed_over_and_keeps_its_place() -> None:
    item = copy("H1")
    first = reserve(ZHANG, item)
    second = reserve(WANG, item, seconds=1)
    third = reserve(LI, item, seconds=2)
    assert isinstance(suspend_hold(SuspendHold(at("GMD"), first.hold_id), NOW), HoldChanged)
    held = trap(item.pk, branch("GMD").pk, is_attended=True, now=NOW)
    assert held is not None
    assert held.hold_id == second.hold_id
    assert isinstance(resume_hold(ResumeHold(at("GMD"), first.hold_id, ZHANG), NOW), HoldChanged)
    assert [hold.hold_id for hold in waiting(item.title_id, NOW)] == [first.hold_id, third.hold_id]
    again = resume_hold(ResumeHold(at("GMD"), first.hold_id), NOW)
    assert isinstance(again, Refusal)
    assert again.code == "hold_not_suspended"
    late = suspend_hold(SuspendHold(at("GMD"), second.hold_id), NOW)
    assert isinstance(late, Refusal)
    assert late.code == "hold_not_waiting"


def test_a_blocked_patron_is_passed_over_until_he_is_not() -> None:
    item = copy("H1")
    reserve(ZHANG, item)
    block_patron(BlockPatron(ZHANG, "card kept", at("GMD"), card_retained=True), NOW)
    assert trap(item.pk, branch("GMD").pk, is_attended=True, now=NOW) is None
    enabled = enable_patron(EnablePatron(ZHANG, at("GMD")), NOW)
    assert isinstance(enabled, PatronEnabled)
    assert (enabled.lifted, enabled.is_still_blocked) == (1, False)
    assert trap(item.pk, branch("GMD").pk, is_attended=True, now=NOW) is not None


def test_a_terminal_does_not_lift_what_staff_placed() -> None:
    block_patron(BlockPatron(ZHANG, "借书证存疑", at("GMD", user_id=1)), NOW)
    enabled = enable_patron(EnablePatron(ZHANG, at("GMD")), NOW)
    assert isinstance(enabled, PatronEnabled)
    assert (enabled.lifted, enabled.is_still_blocked) == (0, True)


def test_cancelling_passes_a_ready_item_to_the_next_here() -> None:
    item = copy("H1")
    first = reserve(ZHANG, item)
    second = reserve(WANG, item, seconds=1)
    put_down(item, "GMD", attended=True)
    done = cancel_hold(CancelHold(at("GMD"), card_number=ZHANG, title_id=item.title_id), NOW)
    assert isinstance(done, HoldCancelled)
    assert done.patron_revision == patron(ZHANG).revision
    gone = Hold.objects.get(pk=first.hold_id)
    assert (gone.status, gone.patron_id, gone.item_id) == (Hold.Status.CANCELLED, None, None)
    heir = Hold.objects.get(pk=second.hold_id)
    assert (heir.status, heir.item_id, status("H1")) == (Hold.Status.READY, item.pk, ItemStatus.ON_HOLD_SHELF)
    assert Notice.objects.filter(subject_id=second.hold_id, template="hold_ready").exists()


def test_cancelling_passes_a_ready_item_to_the_next_elsewhere() -> None:
    item = copy("H1")
    reserve(ZHANG, item)
    second = reserve(WANG, item, pickup="HC", seconds=1)
    put_down(item, "GMD", attended=True)
    cancel_hold(CancelHold(at("GMD"), card_number=ZHANG, barcode="H1"), NOW)
    heir = Hold.objects.get(pk=second.hold_id)
    assert (heir.status, status("H1")) == (Hold.Status.TRAPPED, ItemStatus.TO_BE_SHELVED)


def test_cancelling_the_last_hold_sends_the_item_to_its_shelf() -> None:
    item = copy("H1", home="HC", here="GMD")
    reserve(ZHANG, item)
    put_down(item, "GMD", attended=True)
    cancel_hold(CancelHold(at("GMD"), card_number=ZHANG, title_id=item.title_id), NOW)
    assert status("H1") is ItemStatus.TO_BE_SHELVED
    sent = shelve(Shelve("H1", at("GMD")), NOW)
    assert isinstance(sent, Shelved)
    assert (sent.status, sent.alert, sent.destination_branch) == (ItemStatus.IN_TRANSIT, "04", "HC")


def test_a_hold_cancelled_while_its_item_travels_frees_it_on_arrival() -> None:
    item = copy("H1")
    reserve(ZHANG, item, pickup="HC")
    second = reserve(WANG, item, pickup="YZ", seconds=1)
    put_down(item, "GMD", attended=True)
    cancel_hold(CancelHold(at("GMD"), card_number=ZHANG, title_id=item.title_id), NOW)
    assert status("H1") is ItemStatus.IN_TRANSIT
    assert put_down(item, "HC", attended=True) is ItemStatus.IN_TRANSIT
    assert Hold.objects.get(pk=second.hold_id).status == Hold.Status.IN_TRANSIT


def test_nobody_cancels_another_readers_hold() -> None:
    item = copy("H1")
    placed = reserve(ZHANG, item)
    for command in (
        CancelHold(at("GMD"), card_number=WANG, title_id=item.title_id),
        CancelHold(at("GMD"), card_number=WANG, hold_id=placed.hold_id),
        CancelHold(at("GMD"), hold_id=placed.hold_id + 1),
    ):
        refused = cancel_hold(command, NOW)
        assert isinstance(refused, Refusal)
        assert refused.code == "hold_unknown"
    assert Hold.objects.get().patron_id == placed.patron_id


def test_a_ready_item_must_travel_when_the_pickup_changes() -> None:
    item = copy("H1")
    placed = reserve(ZHANG, item)
    put_down(item, "GMD", attended=True)
    moved = change_pickup(ChangePickup(at("GMD"), branch("HC").pk, card_number=ZHANG, title_id=item.title_id), NOW)
    assert isinstance(moved, HoldChanged)
    assert moved.pickup_branch == "HC"
    hold = Hold.objects.get(pk=placed.hold_id)
    assert (hold.status, hold.pickup_until, status("H1")) == (Hold.Status.TRAPPED, None, ItemStatus.TO_BE_SHELVED)
    sent = shelve(Shelve("H1", at("GMD")), NOW)
    assert isinstance(sent, Shelved)
    assert sent.destination_branch == "HC"


def test_pickup_does_not_change_to_where_it_cannot_be() -> None:
    item = copy("H1")
    reserve(ZHANG, item)
    Branch.objects.filter(code="HC").update(is_pickup=False)
    refused = change_pickup(ChangePickup(at("GMD"), branch("HC").pk, card_number=ZHANG, title_id=item.title_id), NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "pickup_not_here"


def test_a_repeated_request_gets_the_reply_it_got() -> None:
    item = copy("H1")
    key = RequestKey(b"k" * 32, "line 1", "3")
    again = RequestKey(b"k" * 32, "line 2", "3")
    placed = place_hold(PlaceHold(ZHANG, at("GMD"), title_id=item.title_id, request=key), NOW)
    assert isinstance(placed, HoldPlaced)
    keep_reply("patron", placed.patron_id, key, placed.patron_revision, b"161", NOW)
    assert place_hold(PlaceHold(ZHANG, at("GMD"), title_id=item.title_id, request=again), NOW) == Repeated(b"161")
    gone_key = RequestKey(b"c" * 32, "line 1", "4")
    command = CancelHold(at("GMD"), card_number=ZHANG, title_id=item.title_id, request=gone_key)
    gone = cancel_hold(command, NOW)
    assert isinstance(gone, HoldCancelled)
    keep_reply("patron", gone.patron_id, gone_key, gone.patron_revision, b"16-", NOW)
    assert Hold.objects.get().status == Hold.Status.CANCELLED
    repeat = CancelHold(
        at("GMD"), card_number=ZHANG, title_id=item.title_id, request=RequestKey(b"c" * 32, "line 2", "4")
    )
    assert cancel_hold(repeat, NOW) == Repeated(b"16-")
