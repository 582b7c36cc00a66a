"""Checkin on the real database: the loan's end, what it costs, and where the item goes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shufang.branches.models import Branch
from shufang.branches.replies import Repeated, RequestKey, keep_reply
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.claim_returned import ClaimReturned, claim_returned
from shufang.circulation.conflicts import Reported
from shufang.circulation.mark_lost import MarkLost, mark_lost
from shufang.circulation.models import Agreement, Conflict, Event, History, LastPatron, Loan, Policy, Transit
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.money.models import Charge, Settlement
from tests.circulation.lending.world import NOW, World


def test_a_return_closes_the_loan_and_cuts_it_from_its_reader(world: World) -> None:
    card, item = world.reader(), world.item()
    loan = world.lend(card, item)
    done = world.give_back(item, at=world.days(5))
    loan.refresh_from_db()
    assert (loan.status, loan.patron_id, loan.returned_at) == ("closed", None, world.days(5))
    assert loan.returned_branch is not None
    assert (done.loan_id, done.patron_card, done.charge) == (loan.pk, card.number, Decimal(0))
    assert (done.status, done.alert, done.destination_branch) == (ItemStatus.TO_BE_SHELVED, None, None)
    card.patron.refresh_from_db()
    assert card.patron.revision == 2
    event = Event.objects.get(pk=done.event_id)
    assert (event.verb, event.loan_id, event.detail) == ("checkin", loan.pk, "on_loan>to_be_shelved charge=0.00")
    assert not History.objects.exists()
    assert not LastPatron.objects.exists()


@pytest.mark.sqlite
def test_a_checkin_gathers_with_one_statement_and_writes_with_four(world: World) -> None:
    item, place = world.item(), world.machine()
    world.lend(world.reader(), item)
    with CaptureQueriesContext(connection) as queries:
        checkin(Checkin(item.barcode, place), world.days(1))
    told = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert told == ["SELECT", "UPDATE", "UPDATE", "UPDATE", "INSERT"]


@pytest.mark.postgresql
def test_a_checkin_takes_three_round_trips(world: World) -> None:
    item, place = world.item(), world.machine()
    world.lend(world.reader(), item)
    with CaptureQueriesContext(connection) as queries:
        checkin(Checkin(item.barcode, place), world.days(1))
    told = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert told == ["WITH", "SELECT", "WITH"]


def test_unknown(world: World) -> None:
    done = checkin(Checkin("nothing", world.machine()), NOW)
    assert isinstance(done, Refusal)
    assert done.code == "item_unknown"


def test_what_belongs_to_no_loan_is_still_checked_in(world: World) -> None:
    item = world.item(status=ItemStatus.MISSING)
    done = world.give_back(item, place=world.desk("GMD"))
    assert (done.loan_id, done.patron_card, item.status) == (None, None, ItemStatus.AVAILABLE)


def test_history_is_written_under_consent_alone(world: World) -> None:
    card, item = world.reader(keeps_history=True), world.item()
    world.lend(card, item)
    world.give_back(item, at=world.days(5))
    kept = History.objects.get()
    assert (kept.patron_id, kept.title_id) == (card.patron_id, item.title_id)
    assert (kept.borrowed_at, kept.returned_at) == (NOW, world.days(5))


def test_the_last_patron_is_kept_where_policy_says_so(world: World) -> None:
    world.change_policies(damage_claim_days=14)
    item = world.item()
    for day in (0, 5):
        card = world.reader()
        world.lend(card, item, at=world.days(day))
        world.give_back(item, at=world.days(day + 5))
        last = LastPatron.objects.get()
        assert (last.patron_id, last.until) == (card.patron_id, world.days(day + 19).date())


# Scenario 10
def test_overdue_costs_up_to_the_cap_and_children_less(world: World) -> None:
    adult, child = world.reader(), world.reader("child")
    first, second, third = world.item(), world.item(), world.item()
    for card, item in ((adult, first), (child, second), (adult, third)):
        world.lend(card, item)
    assert world.give_back(first, at=world.days(42 + 10)).charge == Decimal("2.00")
    assert world.give_back(second, at=world.days(42 + 10)).charge == Decimal("1.00")
    assert world.give_back(third, at=world.days(42 + 900)).charge == Decimal("30.00")
    assert owed(adult.patron_id) == Decimal("32.00")
    charge = Charge.objects.get(item=first)
    assert (charge.kind, charge.patron_id, charge.loan_id) == ("overdue", adult.patron_id, charge.loan_id)


def test_closed_days_of_the_lending_branch_count_as_policy_says(world: World) -> None:
    world.change_policies(counts_closed_days=False)
    at_main, at_study = world.item("DX"), world.item("GMD")
    card = world.reader()
    world.lend(card, at_main, place=world.machine("dx-1"))
    world.lend(card, at_study)
    late = world.days(42 + 14)
    assert world.give_back(at_main, at=late).charge == Decimal("0.20") * 12
    assert world.give_back(at_study, at=late).charge == Decimal("0.20") * 14


def test_a_backdated_return_costs_until_then(world: World) -> None:
    item = world.item()
    world.lend(world.reader(), item)
    command = Checkin(item.barcode, world.desk("GMD"), returned_at=world.days(42 + 1))
    done = checkin(command, world.days(42 + 9))
    assert isinstance(done, CheckedIn)
    assert done.charge == Decimal("0.20")
    assert Loan.objects.get().returned_at == world.days(43)


@pytest.mark.parametrize(("days", "code"), [(9, "return_in_the_future"), (-1, "return_before_loan")])
def test_staff_are_told_of_a_day_that_cannot_be(world: World, days: int, code: str) -> None:
    item = world.item()
    world.lend(world.reader(), item)
    done = checkin(Checkin(item.barcode, world.desk("GMD"), returned_at=world.days(days)), world.days(5))
    assert isinstance(done, Refusal)
    assert done.code == code


def test_a_lost_book_that_comes_back_mends_the_record_and_its_price(world: World) -> None:
    card, item = world.reader(), world.item(price=Decimal(45))
    world.change_policies(lost_fee=Decimal(5))
    loan = world.lend(card, item)
    mark_lost(MarkLost(item.barcode, world.desk()), world.days(60))
    assert owed(card.patron_id) == Decimal("50.00")
    done = world.give_back(item, at=world.days(70), place=world.desk("GMD"))
    loan.refresh_from_db()
    assert (loan.status, item.status) == ("closed", ItemStatus.AVAILABLE)
    assert Settlement.objects.get().kind == "cancelled"
    assert owed(card.patron_id) == Decimal("5.00") + done.charge


def test_after_policys_days_the_price_stays_owed(world: World) -> None:
    card, item = world.reader(), world.item(price=Decimal(45))
    world.change_policies(lost_refunds_days=5)
    world.lend(card, item)
    mark_lost(MarkLost(item.barcode, world.desk()), world.days(60))
    done = world.give_back(item, at=world.days(70))
    assert owed(card.patron_id) >= Decimal(45) + done.charge
    assert not Settlement.objects.exists()


def test_who_claimed_the_return_pays_until_the_claim(world: World) -> None:
    item = world.item()
    world.lend(world.reader(), item)
    claim_returned(ClaimReturned(item.barcode, world.desk()), world.days(42 + 2))
    assert world.give_back(item, at=world.days(42 + 30)).charge == Decimal("0.40")


class TestWhereto:
    """Where an item goes that nobody waits for."""

    def test_elsewhere_at_a_desk_it_travels_home(self, world: World) -> None:
        item = world.item("GMD")
        done = world.give_back(item, place=world.desk("DX"))
        transit = Transit.objects.get()
        assert (done.status, done.alert, done.destination_branch) == (ItemStatus.IN_TRANSIT, "04", "GMD")
        assert (transit.pk, transit.destination.code, transit.reason) == (done.transit_id, "GMD", "home")
        home = world.give_back(item, at=world.days(1), place=world.desk("GMD"))
        assert (home.status, home.alert, item.current_branch.code) == (ItemStatus.AVAILABLE, None, "GMD")
        assert not Transit.objects.filter(received_at__isnull=True).exists()

    def test_elsewhere_at_a_machine_it_waits_for_the_second_scan(self, world: World) -> None:
        item = world.item("DX")
        done = world.give_back(item)
        assert (done.status, done.alert, done.destination_branch) == (ItemStatus.TO_BE_SHELVED, "04", "DX")
        assert not Transit.objects.exists()

    @pytest.mark.parametrize("who", ["item", "branch"])
    def test_what_floats_stays(self, world: World, who: str) -> None:
        item = world.item("DX", is_floating=who == "item")
        Branch.objects.filter(code="HC").update(is_floating=who == "branch")
        done = world.give_back(item, place=world.desk("HC"))
        assert (done.status, item.current_branch.code) == (ItemStatus.AVAILABLE, "HC")

    @pytest.mark.parametrize(
        ("returns", "status", "destination"),
        [("keep", ItemStatus.AVAILABLE, None), ("route", ItemStatus.IN_TRANSIT, "SD")],
    )
    def test_agreements(self, world: World, returns: str, status: ItemStatus, destination: str | None) -> None:
        Agreement.objects.update(returns=returns)
        done = world.give_back(world.item("SD", library="SD"), place=world.desk("GMD"))
        assert (done.status, done.destination_branch) == (status, destination)

    def test_an_agreement_that_refuses(self, world: World) -> None:
        Agreement.objects.update(returns="refuse")
        item = world.item("SD", library="SD")
        command = Checkin(item.barcode, world.machine())
        done = checkin(command, NOW)
        assert isinstance(done, Refusal)
        assert done.code == "return_not_accepted"
        told = checkin(replace(command, happened_at=NOW - timedelta(hours=1)), NOW)
        assert isinstance(told, CheckedIn)
        assert (told.conflict, Conflict.objects.get().code) == ("return_not_accepted", "return_not_accepted")
        staff = replace(command, place=world.desk("GMD"), overrides=frozenset({"return_not_accepted"}))
        assert isinstance(checkin(staff, NOW), CheckedIn)

    def test_what_is_withdrawn_stays_so(self, world: World) -> None:
        item = world.item(status=ItemStatus.WITHDRAWN)
        done = world.give_back(item)
        assert (done.status, done.alert) == (ItemStatus.WITHDRAWN, "99")


class TestHolds:
    """Who waits is served first."""

    def test_at_a_desk_the_shelf_time_begins(self, world: World) -> None:
        item = world.item()
        world.lend(world.reader(), item)
        hold = world.hold(world.reader(), item.title)
        done = world.give_back(item, place=world.desk("GMD"))
        hold.refresh_from_db()
        assert (done.alert, done.hold_id, done.status) == ("01", hold.pk, ItemStatus.ON_HOLD_SHELF)
        assert (hold.status, hold.item_id) == ("ready", item.pk)
        assert done.destination_branch is None

    def test_elsewhere_it_travels(self, world: World) -> None:
        item = world.item()
        hold = world.hold(world.reader(), item.title, pickup="HC")
        done = world.give_back(item, place=world.desk("GMD"))
        assert (done.alert, done.destination_branch, done.status) == ("02", "HC", ItemStatus.IN_TRANSIT)
        assert Transit.objects.get().hold_id == hold.pk

    def test_at_a_machine_it_is_trapped_until_the_second_scan(self, world: World) -> None:
        item = world.item()
        hold = world.hold(world.reader(), item.title)
        done = world.give_back(item)
        hold.refresh_from_db()
        assert (hold.status, done.status, hold.pickup_until) == ("trapped", ItemStatus.TO_BE_SHELVED, None)


class TestNoBlock:
    """Returns that were taken while the line was down."""

    def test_the_return_counts_from_then(self, world: World) -> None:
        item = world.item()
        world.lend(world.reader(), item)
        done = checkin(Checkin(item.barcode, world.machine(), happened_at=world.days(42)), world.days(45))
        assert isinstance(done, CheckedIn)
        assert (done.charge, done.conflict) == (Decimal(0), None)
        assert Loan.objects.get().returned_at == world.days(42)

    def test_a_loan_made_since_is_left_alone(self, world: World) -> None:
        item = world.item()
        world.lend(world.reader(), item)
        done = checkin(Checkin(item.barcode, world.machine(), happened_at=NOW - timedelta(hours=1)), world.days(1))
        assert isinstance(done, Reported)
        assert (done.conflict, Loan.objects.get().status) == ("moved_since", "open")

    def test_the_unknown_is_reported(self, world: World) -> None:
        done = checkin(Checkin("nothing", world.machine(), happened_at=NOW), NOW)
        assert isinstance(done, Reported)
        assert done.conflict == "item_unknown"


def test_a_repeat_is_answered_and_not_done(world: World) -> None:
    key = RequestKey(b"r" * 32, "line-1", "3")
    card, item = world.reader(), world.item()
    world.lend(card, item)
    command = Checkin(item.barcode, world.machine(), request=key)
    done = checkin(command, world.days(1))
    assert isinstance(done, CheckedIn)
    keep_reply("item", item.pk, key, done.event_id, b"10...", world.days(1))
    assert checkin(command, world.days(1)) == Repeated(b"10...")
    world.lend(world.reader(), item, at=world.days(1))
    assert isinstance(checkin(command, world.days(1)), CheckedIn)


def test_a_policy_that_was_replaced_still_rules_its_loans(world: World) -> None:
    item = world.item()
    loan = world.lend(world.reader(), item)
    Policy.objects.exclude(pk=loan.policy_id).update(overdue_a_day=Decimal(9))
    assert Item.objects.get(pk=item.pk).status == ItemStatus.ON_LOAN
    assert world.give_back(item, at=world.days(43)).charge == Decimal("0.20")
