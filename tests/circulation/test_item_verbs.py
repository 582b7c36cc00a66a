"""Shelving, sending, losing, missing, damaging, claiming, counting and updating an item, on the real database."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from shufang.audit.models import Entry
from shufang.branches.replies import Repeated, RequestKey, keep_reply
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.claim_returned import ClaimReturned, claim_returned
from shufang.circulation.event_log import age_band
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_queue import trap
from shufang.circulation.in_house_use import InHouseUse, in_house_use
from shufang.circulation.item_at_hand import ItemChanged, change_status
from shufang.circulation.item_update import ItemUpdate, item_update
from shufang.circulation.mark_damaged import MarkDamaged, mark_damaged
from shufang.circulation.mark_lost import MarkLost, mark_lost
from shufang.circulation.mark_missing import MarkMissing, mark_missing
from shufang.circulation.models import Event, Hold, LastPatron, Loan, Transit
from shufang.circulation.reinstate_item import ReinstateItem, reinstate_item
from shufang.circulation.shelve import Shelve, Shelved, shelve
from shufang.circulation.transfer import Transfer, Transferred, transfer
from shufang.circulation.withdraw_item import WithdrawItem, withdraw_item
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.money.models import Charge, RefundDue
from shufang.money.pay import Paid, Pay, pay
from tests.circulation.readers import DAY, LI, NOW, WANG, ZHANG, at, branch, copy, lend, patron, settle, status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_a_lost_item_costs_its_price_and_the_fee_once() -> None:
    loan = lend(copy("M1", price=Decimal("28.00")), ZHANG)
    done = mark_lost(MarkLost("M1", at("GMD")), NOW)
    assert isinstance(done, ItemChanged)
    assert (done.status, done.charge) == (ItemStatus.LOST, Decimal("33.00"))
    loan.refresh_from_db()
    assert (loan.status, loan.patron_id) == (Loan.Status.LOST, patron(ZHANG).pk)
    assert owed(patron(ZHANG).pk) == Decimal("33.00")
    assert done.patron_revision == patron(ZHANG).revision
    assert refused(mark_lost(MarkLost("M1", at("GMD")), NOW)) == "already_lost"
    assert Charge.objects.count() == 2


# Scenario 11
def test_a_lost_and_paid_item_that_comes_back_mends_the_record() -> None:
    loan = lend(copy("M1", price=Decimal("28.00")), ZHANG)
    mark_lost(MarkLost("M1", at("GMD")), NOW + 2 * DAY)
    assert isinstance(pay(Pay(ZHANG, Decimal("30.00"), "cash"), NOW + 3 * DAY), Paid)
    back = checkin(Checkin("M1", at("GMD")), NOW + 9 * DAY)
    assert isinstance(back, CheckedIn)
    loan.refresh_from_db()
    assert (loan.status, loan.patron_id, status("M1")) == (Loan.Status.CLOSED, None, ItemStatus.AVAILABLE)
    due = RefundDue.objects.get()
    assert (due.amount, due.patron_id, due.refund_id) == (Decimal("28.00"), patron(ZHANG).pk, None)
    assert owed(patron(ZHANG).pk) == Decimal("3.00")


def test_a_lost_item_without_a_price_costs_the_policys() -> None:
    lend(copy("M1", price=None), ZHANG)
    done = mark_lost(MarkLost("M1", at("GMD")), NOW)
    assert isinstance(done, ItemChanged)
    assert done.charge == Decimal("35.00")


def test_what_is_not_lent_is_not_lost() -> None:
    copy("M1")
    assert refused(mark_lost(MarkLost("M1", at("GMD")), NOW)) == "not_on_loan"
    assert refused(mark_lost(MarkLost("none", at("GMD")), NOW)) == "item_unknown"
    loan = lend(copy("M2"), ZHANG)
    assert refused(mark_lost(MarkLost("M2", at("GMD"), loan_id=loan.pk + 1), NOW)) == "not_on_loan"


def test_a_missing_item_gives_its_hold_back_to_the_queue() -> None:
    item = copy("M1")
    placed = place_hold(PlaceHold(ZHANG, at("GMD"), title_id=item.title_id), NOW)
    assert isinstance(placed, HoldPlaced)
    trap(item.pk, branch("GMD").pk, is_attended=True, now=NOW)
    done = mark_missing(MarkMissing("M1", at("GMD")), NOW)
    assert isinstance(done, ItemChanged)
    hold = Hold.objects.get()
    assert (hold.status, hold.item_id, hold.pickup_until, status("M1")) == ("waiting", None, None, ItemStatus.MISSING)
    found = shelve(Shelve("M1", at("GMD")), NOW)
    assert isinstance(found, Shelved)
    assert found.hold_id == placed.hold_id
    lend(copy("M2"), ZHANG)
    assert refused(mark_missing(MarkMissing("M2", at("GMD")), NOW)) == "item_on_loan"


WHY, WHO = "封面脱落", "librarian"


def test_a_withdrawn_item_leaves_lending_and_comes_back_to_whoever_waits() -> None:
    item = copy("M1", home="HC", here="GMD", status=ItemStatus.IN_TRANSIT)
    Transit.objects.create(item=item, origin=branch("GMD"), destination=branch("HC"), reason="home", sent_at=NOW)
    done = withdraw_item(WithdrawItem("M1", at("GMD", user_id=7), WHY, WHO), NOW)
    assert isinstance(done, ItemChanged)
    assert (done.status, status("M1")) == (ItemStatus.WITHDRAWN, ItemStatus.WITHDRAWN)
    assert not Transit.objects.filter(received_at__isnull=True).exists()
    event = Event.objects.get(pk=done.event_id)
    assert (event.verb, event.item_id, event.detail) == ("withdraw_item", item.pk, "in_transit>withdrawn")
    entry = Entry.objects.get()
    assert (entry.user_name, entry.action, entry.reason) == ("librarian", "item_withdrawn", "封面脱落")
    waits = Hold.objects.create(
        patron=patron(ZHANG), title=item.title, pickup_branch=branch("GMD"), placed_at=NOW, queued_at=NOW
    )
    scanned = checkin(Checkin("M1", at("GMD")), NOW)
    assert isinstance(scanned, CheckedIn)
    assert (scanned.status, scanned.alert) == (ItemStatus.WITHDRAWN, "99")
    back = reinstate_item(ReinstateItem("M1", at("GMD", user_id=7), WHY, WHO), NOW)
    assert isinstance(back, ItemChanged)
    assert (back.status, status("M1")) == (ItemStatus.TO_BE_SHELVED, ItemStatus.TO_BE_SHELVED)
    assert Event.objects.get(pk=back.event_id).detail == "withdrawn>to_be_shelved"
    assert Entry.objects.filter(action="item_reinstated", subject_id=item.pk).exists()
    shelved = shelve(Shelve("M1", at("GMD")), NOW)
    assert isinstance(shelved, Shelved)
    assert (shelved.hold_id, status("M1")) == (waits.pk, ItemStatus.ON_HOLD_SHELF)


@pytest.mark.parametrize("old", ["available", "missing", "damaged", "in_process", "on_order", "to_be_shelved"])
def test_what_no_reader_answers_for_can_be_withdrawn(old: str) -> None:
    copy("M1", status=ItemStatus(old))
    assert isinstance(withdraw_item(WithdrawItem("M1", at("GMD"), WHY, WHO), NOW), ItemChanged)


def test_what_a_reader_has_or_was_promised_is_not_withdrawn() -> None:
    def code(barcode: str, reason: str = "old") -> str:
        return refused(withdraw_item(WithdrawItem(barcode, at("GMD"), reason), NOW))

    lend(copy("M1"), ZHANG)
    assert (code("none"), code("M1"), code("M1", " ")) == ("item_unknown", "item_on_loan", "reason_missing")
    mark_lost(MarkLost("M1", at("GMD")), NOW)
    assert code("M1") == "item_on_loan"
    kept, wished, any_copy = copy("M2", "甲"), copy("M3", "乙"), copy("M4", "丙")
    place_hold(PlaceHold(WANG, at("GMD"), title_id=kept.title_id), NOW)
    trap(kept.pk, branch("GMD").pk, is_attended=False, now=NOW)
    place_hold(PlaceHold(WANG, at("GMD"), barcode=wished.barcode), NOW)
    place_hold(PlaceHold(WANG, at("GMD"), title_id=any_copy.title_id), NOW)
    assert (code("M2"), code("M3")) == ("item_is_held", "item_is_held")
    assert isinstance(withdraw_item(WithdrawItem("M4", at("GMD"), "old"), NOW), ItemChanged)
    assert code("M4") == "item_is_withdrawn"
    assert Hold.objects.filter(title=any_copy.title, status="waiting").exists()


def test_only_what_is_withdrawn_is_reinstated() -> None:
    copy("M1")

    def code(barcode: str, reason: str = "found a place") -> str:
        return refused(reinstate_item(ReinstateItem(barcode, at("GMD"), reason), NOW))

    assert (code("none"), code("M1"), code("M1", "")) == ("item_unknown", "item_not_withdrawn", "reason_missing")
    assert not Event.objects.exists()


def test_a_damage_is_charged_to_the_last_patron_while_he_is_kept() -> None:
    item = copy("M1")
    command = MarkDamaged("M1", at("GMD", user_id=7), Decimal("12.50"), "封面撕破", "librarian")
    assert refused(mark_damaged(command, NOW)) == "last_patron_unknown"
    LastPatron.objects.create(item=item, patron=patron(ZHANG), until=timezone.localdate(NOW - DAY))
    assert refused(mark_damaged(command, NOW)) == "last_patron_unknown"
    LastPatron.objects.update(until=timezone.localdate(NOW))
    assert refused(mark_damaged(MarkDamaged("M1", at("GMD"), Decimal("12.50")), NOW)) == "reason_missing"
    assert refused(mark_damaged(MarkDamaged("M1", at("GMD"), Decimal(-1)), NOW)) == "amount_invalid"
    done = mark_damaged(command, NOW)
    assert isinstance(done, ItemChanged)
    assert (done.charge, status("M1")) == (Decimal("12.50"), ItemStatus.DAMAGED)
    charge = Charge.objects.get()
    assert (charge.patron_id, charge.kind, charge.note) == (patron(ZHANG).pk, "damage", "封面撕破")
    entry = Entry.objects.get()
    assert (entry.user_id, entry.subject_kind, entry.subject_id) == (7, "item", item.pk)


def test_a_damage_without_a_charge_needs_nobody() -> None:
    copy("M1")
    done = mark_damaged(MarkDamaged("M1", at("GMD")), NOW)
    assert isinstance(done, ItemChanged)
    assert (done.patron_id, done.charge, Charge.objects.count()) == (None, Decimal(0), 0)
    assert refused(shelve(Shelve("M1", at("GMD")), NOW)) == "item_damaged"


def test_a_claim_keeps_the_loan_open() -> None:
    loan = lend(copy("M1"), ZHANG)
    done = claim_returned(ClaimReturned("M1", at("GMD")), NOW)
    assert isinstance(done, ItemChanged)
    loan.refresh_from_db()
    assert (loan.status, loan.patron_id, status("M1")) == (
        Loan.Status.CLAIMED_RETURNED,
        patron(ZHANG).pk,
        ItemStatus.CLAIMED_RETURNED,
    )
    assert refused(claim_returned(ClaimReturned("M1", at("GMD")), NOW)) == "already_claimed"
    copy("M2")
    assert refused(claim_returned(ClaimReturned("M2", at("GMD")), NOW)) == "not_on_loan"


def test_reading_in_the_branch_is_counted_and_changes_nothing() -> None:
    item = copy("M1")
    done = in_house_use(InHouseUse("M1", at("GMD")), NOW)
    assert isinstance(done, ItemChanged)
    event = Event.objects.get()
    assert (event.pk, event.verb, event.item_id, event.title_id) == (
        done.event_id,
        "in_house_use",
        item.pk,
        item.title_id,
    )
    assert status("M1") is ItemStatus.AVAILABLE
    lend(item, ZHANG)
    assert refused(in_house_use(InHouseUse("M1", at("GMD")), NOW)) == "item_on_loan"


def test_what_a_terminal_writes_to_an_item_is_an_event() -> None:
    copy("M1")
    done = item_update(ItemUpdate("M1", "security=on", at("GMD")), NOW)
    assert isinstance(done, ItemChanged)
    assert Event.objects.get().detail == "security=on"
    assert refused(item_update(ItemUpdate("M1", " ", at("GMD")), NOW)) == "properties_missing"
    assert refused(item_update(ItemUpdate("M1", "x" * 256, at("GMD")), NOW)) == "properties_too_long"
    assert refused(item_update(ItemUpdate("none", "x", at("GMD")), NOW)) == "item_unknown"


def test_an_item_sent_to_a_branch_stays_there_until_it_is_lent() -> None:
    copy("M1")
    sent = transfer(Transfer("M1", branch("HC").pk, at("GMD")), NOW)
    assert isinstance(sent, Transferred)
    assert (sent.destination_branch, status("M1")) == ("HC", ItemStatus.IN_TRANSIT)
    arrived = shelve(Shelve("M1", at("HC")), NOW)
    assert isinstance(arrived, Shelved)
    assert (arrived.status, arrived.alert) == (ItemStatus.AVAILABLE, None)
    item = Item.objects.get(barcode="M1")
    assert (item.current_branch.code, item.home_branch.code) == ("HC", "GMD")
    assert not Transit.objects.filter(received_at__isnull=True).exists()


def test_an_item_that_is_moved_arrives_also_by_an_unattended_scan() -> None:
    copy("M1")
    transfer(Transfer("M1", branch("HC").pk, at("GMD")), NOW)
    on_the_way = shelve(Shelve("M1", at("YZ")), NOW + DAY)
    assert isinstance(on_the_way, Shelved)
    assert (on_the_way.status, on_the_way.destination_branch) == (ItemStatus.IN_TRANSIT, "HC")
    scanned = checkin(Checkin("M1", at("HC", attended=False)), NOW + 2 * DAY)
    assert isinstance(scanned, CheckedIn)
    assert scanned.status is ItemStatus.TO_BE_SHELVED
    arrived = shelve(Shelve("M1", at("HC")), NOW + 3 * DAY)
    assert isinstance(arrived, Shelved)
    assert arrived.status is ItemStatus.AVAILABLE


def test_an_item_sent_for_good_has_a_new_home() -> None:
    copy("M1")
    transfer(Transfer("M1", branch("HC").pk, at("GMD"), is_permanent=True), NOW)
    assert Item.objects.get(barcode="M1").home_branch.code == "HC"


def test_refusals_of_sending() -> None:
    item = copy("M1")
    assert refused(transfer(Transfer("M1", branch("GMD").pk, at("GMD")), NOW)) == "already_there"
    assert refused(transfer(Transfer("M1", 999999, at("GMD")), NOW)) == "branch_unknown"
    assert refused(transfer(Transfer("none", branch("HC").pk, at("GMD")), NOW)) == "item_unknown"
    place_hold(PlaceHold(ZHANG, at("GMD"), title_id=item.title_id), NOW)
    trap(item.pk, branch("GMD").pk, is_attended=False, now=NOW)
    assert refused(transfer(Transfer("M1", branch("HC").pk, at("GMD")), NOW)) == "held_for_another"
    lend(copy("M2"), ZHANG)
    assert refused(transfer(Transfer("M2", branch("HC").pk, at("GMD")), NOW)) == "item_on_loan"
    copy("M3", status=ItemStatus.WITHDRAWN)
    assert refused(transfer(Transfer("M3", branch("HC").pk, at("GMD")), NOW)) == "item_withdrawn"


# Scenario 9
def test_shelving_goes_by_home_floating_and_agreement() -> None:
    def goes(barcode: str, code: str) -> ItemStatus:
        done = shelve(Shelve(barcode, at(code)), NOW)
        assert isinstance(done, Shelved), done
        return done.status

    copy("M1", status=ItemStatus.TO_BE_SHELVED)
    assert goes("M1", "GMD") is ItemStatus.AVAILABLE
    copy("M2", home="HC", here="GMD", status=ItemStatus.TO_BE_SHELVED)
    assert goes("M2", "GMD") is ItemStatus.IN_TRANSIT
    Item.objects.filter(barcode="M2").update(is_floating=True)
    assert goes("M2", "GMD") is ItemStatus.AVAILABLE
    foreign = copy("S1", "故宫", home="SD", here="GMD", status=ItemStatus.TO_BE_SHELVED)
    assert goes("S1", "GMD") is ItemStatus.IN_TRANSIT
    foreign.library.agreements.update(returns="keep")
    assert goes("S1", "GMD") is ItemStatus.AVAILABLE
    lend(copy("M3"), LI)
    assert refused(shelve(Shelve("M3", at("GMD")), NOW)) == "item_on_loan"


def test_shelving_twice_is_shelving_once() -> None:
    item = copy("M1", status=ItemStatus.TO_BE_SHELVED)
    place_hold(PlaceHold(WANG, at("GMD"), title_id=item.title_id), NOW)
    first = shelve(Shelve("M1", at("GMD")), NOW)
    second = shelve(Shelve("M1", at("GMD")), NOW + DAY)
    assert isinstance(first, Shelved)
    assert isinstance(second, Shelved)
    assert first.pickup_until == second.pickup_until


def test_a_repeated_item_request_gets_its_reply() -> None:
    item = copy("M1")
    key = RequestKey(b"u" * 32, "line 1", "1")
    done = item_update(ItemUpdate("M1", "x", at("GMD"), request=key), NOW)
    assert isinstance(done, ItemChanged)
    keep_reply("item", item.pk, key, done.event_id, b"201", NOW)
    again = RequestKey(b"u" * 32, "line 2", "1")
    assert item_update(ItemUpdate("M1", "x", at("GMD"), request=again), NOW) == Repeated(b"201")
    in_house_use(InHouseUse("M1", at("GMD")), NOW)
    assert isinstance(item_update(ItemUpdate("M1", "x", at("GMD"), request=again), NOW), ItemChanged)


def test_a_life_cannot_be_skipped() -> None:
    with pytest.raises(ValueError, match="withdrawn does not become lost"):
        change_status(copy("M1", status=ItemStatus.WITHDRAWN), ItemStatus.LOST, NOW)


def test_the_database_keeps_a_patron_on_an_open_loan() -> None:
    loan = lend(copy("M1"), ZHANG)
    with pytest.raises(IntegrityError):
        Loan.objects.filter(pk=loan.pk).update(patron=None)


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (None, ""),
        (date(2020, 3, 4), "0-6"),
        (date(2019, 3, 4), "7-12"),
        (date(2008, 3, 5), "13-17"),
        (date(1950, 1, 1), "60+"),
    ],
)
def test_age_bands(birth: date | None, band: str) -> None:
    assert age_band(birth, date(2026, 3, 4)) == band
