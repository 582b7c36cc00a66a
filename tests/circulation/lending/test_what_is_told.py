"""Patron status, item information, rules in memory: what stands in the rows is what is told."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shufang.branches import calendar
from shufang.branches.models import ClosingDays
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.item_information import ItemInformation, item_information
from shufang.circulation.models import Agreement, Event, Limit, Loan, Policy, ReaderMonth, RulesStamp, Transit
from shufang.circulation.patron_status import ItemList, patron_items, patron_status
from shufang.circulation.place import PinCheck
from shufang.circulation.policies import in_force, now_in_force
from shufang.circulation.queries import lending, returning
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.money.models import Charge
from shufang.patrons.models import Block, CardKind
from tests.circulation.lending.world import NOW, World


def test_an_unknown_card_is_told_as_such(world: World) -> None:
    told = patron_status("nobody", PinCheck.NOT_ASKED, NOW)
    assert not told.is_known
    assert told.refusal is not None
    assert (told.refusal.code, told.privileges.charge_denied, told.name) == ("card_unknown", True, "")


def test_counts_and_lists_agree(world: World) -> None:
    card = world.reader("adult", email="a@example.org", phone="1")
    late, fine_item = world.item(), world.item()
    world.lend(card, late, at=NOW - timedelta(days=100))
    world.lend(card, fine_item)
    ready = world.item(status=ItemStatus.ON_HOLD_SHELF)
    world.hold(card, ready.title, status="ready", item=ready)
    waits = world.hold(card, world.title("红楼梦"))
    Charge.objects.create(
        patron=card.patron,
        library=card.library,
        kind="overdue",
        amount="3.10",
        settled="1.00",
        created_at=NOW,
        item=late,
    )
    told = patron_status(card.number, PinCheck.RIGHT, NOW)
    assert (told.charged, told.overdue, told.holds, told.unavailable, told.fines) == (2, 1, 1, 1, 1)
    assert (told.owed, told.charged_limit, told.hold_limit) == (Decimal("2.10"), 15, 10)
    assert (told.email, told.phone, told.birth_date) == ("a@example.org", "1", date(1990, 5, 17))
    texts = {which: [line.text for line in patron_items(card.patron_id, which, 1, 9, NOW)] for which in ItemList}
    assert texts == {
        ItemList.CHARGED: [late.barcode, fine_item.barcode],
        ItemList.OVERDUE: [late.barcode],
        ItemList.HOLD: [ready.barcode],
        ItemList.UNAVAILABLE: [waits.title.title],
        ItemList.FINE: [f"overdue 2.10 {late.barcode}"],
        ItemList.RECALL: [],
    }
    assert [line.text for line in patron_items(card.patron_id, ItemList.CHARGED, 2, 2)] == [fine_item.barcode]
    with pytest.raises(ValueError, match="begin at 1"):
        patron_items(card.patron_id, ItemList.CHARGED, 0, 2)


def test_status_is_one_query(world: World, django_assert_num_queries: object) -> None:
    card = world.reader()
    patron_status(card.number, PinCheck.NOT_ASKED, NOW)
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        patron_status(card.number, PinCheck.NOT_ASKED, NOW)


@pytest.mark.parametrize(
    ("status", "sip2"),
    [
        (ItemStatus.AVAILABLE, "03"),
        (ItemStatus.TO_BE_SHELVED, "09"),
        (ItemStatus.ON_HOLD_SHELF, "08"),
        (ItemStatus.IN_TRANSIT, "10"),
        (ItemStatus.MISSING, "13"),
        (ItemStatus.LOST, "12"),
        (ItemStatus.ON_ORDER, "02"),
    ],
)
def test_item_information(world: World, status: ItemStatus, sip2: str) -> None:
    item = world.item(status=status, call_number="I247.5")
    Transit.objects.create(
        item=item, origin=world.branch("GMD"), destination=world.branch("HC"), reason="move", sent_at=NOW
    )
    told = item_information(item.barcode, NOW)
    assert isinstance(told, ItemInformation)
    assert (told.circulation_status, told.owner, told.home_branch, told.call_number) == (sip2, "DX", "GMD", "I247.5")
    assert told.destination == ("HC" if status is ItemStatus.IN_TRANSIT else None)


def test_what_is_not_for_loan_is_not_called_available(world: World) -> None:
    item = world.item(is_for_loan=False)
    told = item_information(item.barcode, NOW)
    assert isinstance(told, ItemInformation)
    assert (told.circulation_status, told.status) == ("01", ItemStatus.AVAILABLE)


def test_item_information_of_a_loan_with_a_queue(world: World) -> None:
    item = world.item()
    loan = world.lend(world.reader(), item)
    world.hold(world.reader(), item.title)
    told = item_information(item.barcode, NOW)
    assert isinstance(told, ItemInformation)
    assert (told.due_at, told.hold_queue, told.circulation_status) == (loan.due_at, 1, "04")
    assert isinstance(item_information("nothing", NOW), Refusal)


def test_sql_and_orm_agree(world: World) -> None:
    card, other = world.reader(), world.reader()
    item = world.item()
    world.lend(card, world.item(), at=NOW - timedelta(days=100))
    world.lend(card, world.item(kind="periodical"))
    world.lend(other, world.item())
    Charge.objects.create(patron=card.patron, library=card.library, kind="other", amount="0.35", created_at=NOW)
    Block.objects.create(patron=card.patron, reason="x", placed_at=NOW)
    world.hold(other, item.title)
    place = world.machine()
    with connection.cursor() as cursor:
        seen = lending.gather(cursor, card.number, item.barcode, place.branch_id, date(2026, 3, 1), b"", NOW)
        back = returning.gather(cursor, item.barcode)
    mine = Loan.objects.filter(patron_id=card.patron_id)
    assert seen.card is not None
    assert seen.item is not None
    assert (seen.card.patron_id, seen.card.kind_id, seen.card.status) == (card.patron_id, card.kind_id, card.status)
    assert (seen.card.birth_date, seen.card.is_blocked) == (card.patron.birth_date, True)
    assert tuple(seen.item) == (
        item.pk,
        item.title_id,
        item.library_id,
        item.kind_id,
        item.status,
        item.is_for_loan,
        item.title.title,
        item.title.material,
        item.current_branch_id,
    )
    assert seen.standing.loans == mine.count() == 2
    assert seen.standing.loans_of_group == mine.filter(group_id=item.kind.group_id).count() == 1
    assert seen.standing.has_overdue == mine.filter(due_at__lt=NOW, status="open").exists()
    assert seen.standing.owed == owed(card.patron_id) == Decimal("0.35")
    assert seen.is_reader_of_month == ReaderMonth.objects.filter(patron=card.patron, month=date(2026, 3, 1)).exists()
    assert seen.has_holds
    newest = Event.objects.order_by("-id").first()
    assert newest is not None
    assert seen.newest_event_at == newest.at
    assert back is not None
    assert (back.item_id, back.status_since, back.home_branch_id) == (item.pk, item.status_since, item.home_branch_id)
    assert back.borrowed is None


def test_sql_and_orm_agree_on_an_open_loan(world: World) -> None:
    card, item = world.reader(keeps_history=True), world.item()
    loan = world.lend(card, item)
    with connection.cursor() as cursor:
        seen = lending.gather(cursor, card.number, item.barcode, item.home_branch_id, date(2026, 3, 1), b"", NOW)
        back = returning.gather(cursor, item.barcode)
    assert seen.loan is not None
    assert back is not None
    assert back.borrowed is not None
    assert seen.loan == back.borrowed.loan
    told = seen.loan
    assert (told.loan_id, told.patron_id, told.due_at, told.borrowed_at) == (
        loan.pk,
        card.patron_id,
        loan.due_at,
        loan.borrowed_at,
    )
    assert (told.status, told.renewals, told.policy_id) == ("open", 0, loan.policy_id)
    assert (told.calendar_branch_id, told.card_kind_id) == (loan.calendar_branch_id, loan.card_kind_id)
    assert (back.borrowed.keeps_history, back.borrowed.card_number) == (True, card.number)


CHANGES: dict[str, Callable[[World], object]] = {
    "policy": lambda w: Policy.objects.update(renewals=2),
    "limit": lambda w: Limit.objects.all().delete(),
    "agreement": lambda w: Agreement.objects.update(lends=False),
    "branch": lambda w: w.branch("GMD").save(),
    "closing days": lambda w: ClosingDays.objects.create(branch=w.branch("GMD"), first=NOW.date(), last=NOW.date()),
    "card kind": lambda w: CardKind.objects.update(can_borrow=False),
    "item kind": lambda w: type(w.item().kind).objects.update(is_for_loan=False),
    "item group": lambda w: type(w.item().kind.group).objects.update(name="x"),
}


@pytest.mark.parametrize("what", list(CHANGES))
def test_every_change_of_a_rule_changes_the_stamp(world: World, what: str) -> None:
    before = now_in_force()
    assert now_in_force() is before
    CHANGES[what](world)
    after = now_in_force()
    assert after is not before
    assert after.stamp != before.stamp


def test_rules_of_a_transaction_that_was_rolled_back_are_never_met_again(world: World) -> None:
    class UndoneError(Exception):
        pass

    def undone() -> None:
        with transaction.atomic():
            Policy.objects.update(renewals=77)
            assert {policy.renewals for policy in now_in_force().policies.values()} == {77}
            raise UndoneError

    with pytest.raises(UndoneError):
        undone()
    Policy.objects.update(renewals=3)
    assert {policy.renewals for policy in now_in_force().policies.values()} == {3}


def test_without_a_stamp_rules_are_loaded_each_time(world: World) -> None:
    RulesStamp.objects.all().delete()
    assert in_force(None) is not in_force(None)


def test_calendars_from_the_database(world: World) -> None:
    main, study = world.branch("DX").pk, world.branch("GMD").pk
    monday = date(2026, 3, 2)
    assert (calendar.is_open(main, monday), calendar.is_open(study, monday)) == (False, True)
    assert calendar.next_open_day(main, monday) == date(2026, 3, 3)
    assert calendar.overdue_days(main, monday, date(2026, 3, 9), counts_closed_days=False) == 6
    assert calendar.overdue_days(main, monday, date(2026, 3, 9), counts_closed_days=True) == 7
    ClosingDays.objects.create(branch_id=main, first=monday, last=monday, is_open=True)
    assert calendar.is_open(main, monday)
    assert timezone.localdate(NOW) == date(2026, 3, 4)
