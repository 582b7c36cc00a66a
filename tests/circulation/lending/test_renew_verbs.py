"""Renewals one by one and all at once, and what is undone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shufang.branches.replies import Repeated, RequestKey, keep_reply
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.cancel_checkin import CancelCheckin, CheckinCancelled, cancel_checkin
from shufang.circulation.cancel_checkout import CancelCheckout, CheckoutCancelled, cancel_checkout
from shufang.circulation.checkin import Checkin, checkin
from shufang.circulation.checkout import Checkout, checkout
from shufang.circulation.conflicts import Reported
from shufang.circulation.models import Conflict, Event, History, Limit, Loan
from shufang.circulation.renew import Renew, Renewed, refusals, renew
from shufang.circulation.renew_all import AllRenewed, RenewAll, renew_all
from shufang.circulation.shelve import Shelve, shelve
from shufang.config.invariants.running import run_all
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.patrons.models import Card
from tests.circulation.lending.world import NOW, World

KEY = RequestKey(b"n" * 32, "line-1", "3")


def _refused(done: object) -> str:
    assert isinstance(done, Refusal), done
    return done.code


def test_a_renewal_moves_the_due_date_once(world: World) -> None:
    card, item = world.reader(), world.item()
    loan = world.lend(card, item)
    command = Renew(card.number, world.machine(), item.barcode)
    done = renew(command, world.days(10))
    assert isinstance(done, Renewed)
    assert (done.due_at - loan.due_at, done.renewal_ok, done.barcode) == (timedelta(days=28), False, item.barcode)
    loan.refresh_from_db()
    assert (loan.due_at, loan.renewals, loan.renewed_at) == (done.due_at, 1, world.days(10))
    event = Event.objects.get(pk=done.event_id)
    assert (event.verb, event.loan_id, event.detail) == ("renew", loan.pk, "due=2026-04-15T15:59:59Z")
    assert _refused(renew(command, world.days(11))) == "renewals_used_up"


def test_by_title(world: World) -> None:
    card, item = world.reader(), world.item()
    world.lend(card, item)
    done = renew(Renew(card.number, world.machine(), title_id=item.title_id), world.days(1))
    assert isinstance(done, Renewed)
    assert done.barcode == item.barcode
    assert (
        _refused(renew(Renew(card.number, world.machine(), title_id=world.title().pk), world.days(1))) == "not_on_loan"
    )


def test_refusals_of_the_rows(world: World) -> None:
    card, item, free = world.reader(), world.item(), world.item()
    world.lend(card, item)
    place = world.machine()
    assert _refused(renew(Renew("nobody", place, item.barcode), NOW)) == "card_unknown"
    assert _refused(renew(Renew(card.number, place, "nothing"), NOW)) == "item_unknown"
    assert _refused(renew(Renew(card.number, place, free.barcode), NOW)) == "not_on_loan"
    assert _refused(renew(Renew(world.reader().number, place, item.barcode), NOW)) == "not_on_loan"
    world.hold(world.reader(), item.title)
    assert _refused(renew(Renew(card.number, place, item.barcode), NOW)) == "hold_waiting"
    Card.objects.filter(pk=card.pk).update(status="lost")
    assert [found.code for found in refusals(Renew(card.number, place, item.barcode), NOW)] == [
        "card_lost",
        "hold_waiting",
    ]


def test_staff_renew_beyond_the_rule_to_a_day_of_their_own(world: World) -> None:
    card, item = world.reader(), world.item()
    world.lend(card, item)
    world.hold(world.reader(), item.title)
    command = Renew(
        card.number,
        world.desk(),
        item.barcode,
        due_at=world.days(60),
        overrides=frozenset({"hold_waiting"}),
        reason="ok",
    )
    done = renew(command, NOW)
    assert isinstance(done, Renewed)
    assert done.due_at == world.days(60)


def test_what_was_overdue_is_charged_and_the_cap_holds_over_both(world: World) -> None:
    card, item = world.reader(), world.item()
    world.change_policies(overdue_cap=Decimal("1.00"))
    world.lend(card, item)
    assert isinstance(renew(Renew(card.number, world.machine(), item.barcode), world.days(42 + 3)), Renewed)
    assert owed(card.patron_id) == Decimal("0.60")
    assert world.give_back(item, at=world.days(200)).charge == Decimal("0.40")


class TestNoBlock:
    """A renewal that was promised while the line was down."""

    def test_it_stands_though_somebody_waits(self, world: World) -> None:
        card, item = world.reader(), world.item()
        world.lend(card, item)
        world.hold(world.reader(), item.title)
        command = Renew(card.number, world.machine(), item.barcode, happened_at=NOW, due_at=world.days(50))
        done = renew(command, world.days(1))
        assert isinstance(done, Renewed)
        assert (done.due_at, done.conflict, Conflict.objects.get().code) == (
            world.days(50),
            "hold_waiting",
            "hold_waiting",
        )

    def test_without_a_loan_it_is_reported(self, world: World) -> None:
        done = renew(Renew(world.reader().number, world.machine(), world.item().barcode, happened_at=NOW), NOW)
        assert isinstance(done, Reported)
        assert done.conflict == "not_on_loan"


def test_renew_all_tells_each(world: World) -> None:
    card = world.reader()
    first, second, third = world.item(), world.item(), world.item()
    for item in (first, second, third):
        world.lend(card, item)
    world.hold(world.reader(), second.title)
    assert isinstance(renew(Renew(card.number, world.machine(), third.barcode), NOW), Renewed)
    done = renew_all(RenewAll(card.number, world.machine()), world.days(1))
    assert isinstance(done, AllRenewed)
    assert [line.barcode for line in done.renewed] == [first.barcode]
    assert [(line.barcode, line.refusal.code) for line in done.unrenewed] == [
        (second.barcode, "hold_waiting"),
        (third.barcode, "renewals_used_up"),
    ]
    card.patron.refresh_from_db()
    assert done.patron_revision == card.patron.revision


def test_renew_all_refuses_a_card_as_a_whole_and_answers_a_repeat(world: World) -> None:
    card = world.reader()
    world.lend(card, world.item())
    command = RenewAll(card.number, world.machine(), request=KEY)
    assert _refused(renew_all(replace(command, card_number="nobody"), NOW)) == "card_unknown"
    done = renew_all(command, NOW)
    assert isinstance(done, AllRenewed)
    keep_reply("patron", card.patron_id, KEY, done.patron_revision, b"66...", NOW)
    assert renew_all(command, NOW) == Repeated(b"66...")
    Card.objects.update(status="lost")
    assert _refused(renew_all(replace(command, request=None), NOW)) == "card_lost"


class TestCancelCheckout:
    """09 with BI=Y."""

    def test_the_item_stands_as_before(self, world: World) -> None:
        card, item = world.reader(keeps_history=True), world.item()
        loan = world.lend(card, item)
        done = cancel_checkout(CancelCheckout(item.barcode, world.machine(), card.number), NOW + timedelta(minutes=1))
        assert isinstance(done, CheckoutCancelled)
        loan.refresh_from_db()
        item.refresh_from_db()
        assert (loan.status, loan.patron_id, item.status) == ("closed", None, ItemStatus.AVAILABLE)
        assert not History.objects.exists()

    def test_a_hold_that_it_ended_stands_again(self, world: World) -> None:
        card, item = world.reader(), world.item(status=ItemStatus.ON_HOLD_SHELF)
        hold = world.hold(card, item.title, status="ready", item=item, pickup_until=world.days(2))
        world.lend(card, item)
        assert isinstance(cancel_checkout(CancelCheckout(item.barcode, world.machine()), NOW), CheckoutCancelled)
        hold.refresh_from_db()
        item.refresh_from_db()
        assert (hold.status, hold.patron_id, hold.item_id) == ("ready", card.patron_id, item.pk)
        assert item.status == ItemStatus.ON_HOLD_SHELF
        world.lend(card, item)

    def test_a_renewal_is_undone_and_not_the_loan(self, world: World) -> None:
        card, item = world.reader(), world.item()
        loan = world.lend(card, item)
        renew(Renew(card.number, world.machine(), item.barcode), world.days(43))
        assert owed(card.patron_id) > 0
        assert isinstance(
            cancel_checkout(CancelCheckout(item.barcode, world.machine()), world.days(43)), CheckoutCancelled
        )
        again = Loan.objects.get(pk=loan.pk)
        assert (again.status, again.due_at, again.renewals) == ("open", loan.due_at, 0)
        assert owed(card.patron_id) == 0

    @pytest.mark.parametrize(
        ("place", "card", "minutes", "code"),
        [
            ("gmd-1", "own", 16, "cancel_too_late"),
            ("dx-1", "own", 1, "nothing_to_cancel"),
            ("gmd-1", "other", 1, "nothing_to_cancel"),
        ],
    )
    def test_only_the_last_minutes_here(self, world: World, place: str, card: str, minutes: int, code: str) -> None:
        own, other, item = world.reader(), world.reader(), world.item()
        world.lend(own, item)
        command = CancelCheckout(item.barcode, world.machine(place), (own if card == "own" else other).number)
        assert _refused(cancel_checkout(command, NOW + timedelta(minutes=minutes))) == code

    def test_what_was_kept_for_another_waits_for_the_scan_that_gives_it_to_him(self, world: World) -> None:
        item = world.item(status=ItemStatus.ON_HOLD_SHELF)
        hold = world.hold(world.reader(), item.title, status="ready", item=item, pickup_until=world.days(3))
        at = NOW - timedelta(minutes=1)
        checkout(Checkout(world.reader().number, item.barcode, world.machine(), happened_at=at), NOW)
        undone = cancel_checkout(CancelCheckout(item.barcode, world.machine()), NOW)
        assert isinstance(undone, CheckoutCancelled)
        hold.refresh_from_db()
        item.refresh_from_db()
        assert (hold.status, item.status) == ("waiting", ItemStatus.TO_BE_SHELVED)
        shelve(Shelve(item.barcode, world.desk("GMD")), NOW)
        hold.refresh_from_db()
        assert (hold.status, hold.item_id) == ("ready", item.pk)

    def test_nothing_to_undo(self, world: World) -> None:
        assert _refused(cancel_checkout(CancelCheckout("nothing", world.machine()), NOW)) == "item_unknown"
        free = world.item()
        assert _refused(cancel_checkout(CancelCheckout(free.barcode, world.machine()), NOW)) == "nothing_to_cancel"


class TestCancelCheckin:
    """11 with BI=Y."""

    def _returned(self, world: World, card: Card, days: float) -> str:
        item = world.item()
        world.lend(card, item)
        done = checkin(Checkin(item.barcode, world.machine(), request=KEY), world.days(days))
        reply = f"101YNN20260304    200000AOGMD|AB{item.barcode}|AQGMD|AA{card.number}|".encode()
        keep_reply("item", item.pk, KEY, done.event_id, reply, world.days(days))  # type: ignore[union-attr]  # it succeeds
        return item.barcode

    def test_the_loan_is_open_again(self, world: World) -> None:
        card = world.reader(keeps_history=True)
        barcode = self._returned(world, card, 50)
        assert owed(card.patron_id) > 0
        waiting = world.hold(world.reader(), Loan.objects.get().item.title)
        done = cancel_checkin(CancelCheckin(card.number, barcode, world.machine()), world.days(50))
        assert isinstance(done, CheckinCancelled)
        loan = Loan.objects.get()
        assert (loan.status, loan.patron_id, loan.returned_at) == ("open", card.patron_id, None)
        assert loan.item.status == ItemStatus.ON_LOAN
        assert owed(card.patron_id) == 0
        assert not History.objects.exists()
        waiting.refresh_from_db()
        assert waiting.status == "waiting"

    def test_only_of_the_card_that_was_told(self, world: World) -> None:
        barcode = self._returned(world, world.reader(), 1)
        stranger = world.reader()
        command = CancelCheckin(stranger.number, barcode, world.machine())
        refused = cancel_checkin(command, world.days(1))
        assert _refused(refused) == "nothing_to_cancel"
        assert isinstance(refused, Refusal)
        assert refused.values["title"] == Item.objects.get(barcode=barcode).title.title
        assert _refused(cancel_checkin(replace(command, card_number="nobody"), world.days(1))) == "card_unknown"

    def test_only_here_and_soon(self, world: World) -> None:
        card = world.reader()
        command = CancelCheckin(card.number, self._returned(world, card, 1), world.machine())
        elsewhere = replace(command, place=world.machine("dx-1"))
        assert _refused(cancel_checkin(elsewhere, world.days(1))) == "nothing_to_cancel"
        assert _refused(cancel_checkin(command, world.days(1) + timedelta(minutes=16))) == "cancel_too_late"

    def test_the_reopened_loan_may_stand_above_the_limit_and_no_other(self, world: World) -> None:
        card = world.reader()
        barcode = self._returned(world, card, 1)
        Limit.objects.filter(counts="loans").update(most=1)
        world.lend(card, world.item(), at=world.days(1))
        done = cancel_checkin(CancelCheckin(card.number, barcode, world.machine()), world.days(1))
        assert isinstance(done, CheckinCancelled)
        assert Loan.objects.filter(patron=card.patron, status="open").count() == 2
        assert _above_a_limit() == []
        loan = Loan.objects.order_by("-id")[0]
        loan.pk, loan.item = None, world.item(status=ItemStatus.ON_LOAN)
        loan.save()
        assert len(_above_a_limit()) == 1


def _above_a_limit() -> list[str]:
    return [
        sentence
        for checked in run_all()
        if checked.invariant.name == "nobody_above_the_limit"
        for sentence in checked.violations
    ]
