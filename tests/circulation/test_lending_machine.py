"""Lending as a state machine against the real database: whatever people do in whatever order, the books stay true.

A plain model beside the database remembers who holds what; after each step the database must agree with it and every
invariant must hold. Each example runs in a transaction of its own that is rolled back.
"""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Count, F, Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shufang.branches.models import Branch, Library
from shufang.catalogue.item_life import WITH_OPEN_LOAN, ItemStatus
from shufang.catalogue.models import Item, ItemKind, Title
from shufang.circulation.cancel_hold import CancelHold, cancel_hold
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.claim_returned import ClaimReturned, claim_returned
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.mark_lost import MarkLost, mark_lost
from shufang.circulation.mark_missing import MarkMissing, mark_missing
from shufang.circulation.models import Event, History, Hold, Limit, Loan, Transit
from shufang.circulation.place import Place
from shufang.circulation.renew import Renew, Renewed, renew
from shufang.circulation.renew_all import RenewAll, renew_all
from shufang.circulation.shelve import Shelve, shelve
from shufang.circulation.suspend_hold import SuspendHold, suspend_hold
from shufang.circulation.transfer import Transfer, transfer
from shufang.demo import network
from shufang.jobs.run import run_due
from shufang.kernel.clock import now as real_now
from shufang.kernel.refusal import Refusal
from shufang.money.models import Charge, Deposit, Payment, Settlement
from shufang.money.pay import Pay, pay
from shufang.patrons.models import Card, CardKind, Patron

CARDS = ("M1", "M2", "M3", "M4")
ITEMS = ("MX1", "MX2", "MX3", "MX4", "MX5", "MX6")
KEEPS_HISTORY = frozenset({"M3"})
OPEN_HOLD = ("waiting", "trapped", "in_transit", "ready")


class Lending(RuleBasedStateMachine):
    """Readers, items and two branches; the clock only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self.now: datetime = real_now()
        self.holder: dict[str, str] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    @initialize()
    def lay_out(self) -> None:
        at = self.now - timedelta(days=2)
        network.lay_out(at)
        library = Library.objects.get(code="DX")
        self.places = [Branch.objects.get(code=code).pk for code in ("GMD", "HC", "DX")]
        kinds = ["B", "child", "adult", "B"]
        self.patrons: dict[str, int] = {}
        for number, code in zip(CARDS, kinds, strict=True):
            child = code == "child"
            patron = Patron.objects.create(
                name=f"读者{number}",
                birth_date=(self.now - timedelta(days=365 * (9 if child else 30))).date(),
                keeps_history=number in KEEPS_HISTORY,
                created_at=at,
            )
            Card.objects.create(
                number=number,
                patron=patron,
                kind=CardKind.objects.get(code=code),
                library=library,
                status=Card.Status.ACTIVE,
                issued_at=at,
                status_since=at,
            )
            self.patrons[number] = patron.pk
        Limit.objects.filter(card_kind__code="B", group=None, counts="loans").update(most=2)
        titles = [
            Title.objects.create(source="m", control_number=str(n), title=f"书{n}", created_at=at, updated_at=at)
            for n in range(3)
        ]
        book = ItemKind.objects.get(code="book")
        for place, barcode in enumerate(ITEMS):
            Item.objects.create(
                barcode=barcode,
                title=titles[place % 3],
                library=library,
                home_branch_id=self.places[place % 2],
                current_branch_id=self.places[place % 2],
                kind=book,
                price=Decimal("30.00"),
                status_since=at,
                created_at=at,
            )
        self.titles = [title.pk for title in titles]

    def _place(self, branch: int, *, attended: bool = True) -> Place:
        return Place(self.places[branch], is_attended=attended)

    @rule(card=st.sampled_from(CARDS), item=st.sampled_from(ITEMS), branch=st.integers(0, 2))
    def borrow(self, card: str, item: str, branch: int) -> None:
        is_waited_for = item not in self.holder and self._is_last_for_another(card, item)
        done = checkout(Checkout(card, item, self._place(branch)), self.now)
        if isinstance(done, CheckedOut):
            assert not is_waited_for
            assert done.is_renewal == (self.holder.get(item) == card)
            assert done.due_at > self.now
            self.holder[item] = card
        else:
            assert isinstance(done, Refusal)

    def _is_last_for_another(self, card: str, item: str) -> bool:
        """Say whether no other copy stands free, and only others wait for the title, all of whom could be served."""
        copy = Item.objects.get(barcode=item)
        free = Item.objects.filter(title=copy.title, status__in=["available", "to_be_shelved"]).exclude(pk=copy.pk)
        open_holds = Hold.objects.filter(title=copy.title, status__in=OPEN_HOLD)
        can_be_served = open_holds.filter(is_suspended=False, patron__cards__status="active", status="waiting")
        return not (
            free.exists() or open_holds.filter(patron=self.patrons[card]).exists() or not can_be_served.exists()
        )

    @rule(item=st.sampled_from(ITEMS), branch=st.integers(0, 2), attended=st.booleans())
    def bring_back(self, item: str, branch: int, *, attended: bool) -> None:
        done = checkin(Checkin(item, self._place(branch, attended=attended)), self.now)
        assert isinstance(done, CheckedIn)
        assert (done.loan_id is not None) == (item in self.holder)
        self.holder.pop(item, None)

    @rule(item=st.sampled_from(ITEMS), branch=st.integers(0, 2))
    def shelve_it(self, item: str, branch: int) -> None:
        shelve(Shelve(item, self._place(branch)), self.now)

    @rule(card=st.sampled_from(CARDS), item=st.sampled_from(ITEMS))
    def renew_it(self, card: str, item: str) -> None:
        before = (
            Loan.objects.filter(item__barcode=item).exclude(status="closed").values_list("due_at", flat=True).first()
        )
        done = renew(Renew(card, barcode=item, place=self._place(0)), self.now)
        if not isinstance(done, Refusal):
            assert self.holder[item] == card
            assert before is not None
            assert isinstance(done, Renewed)
            assert done.due_at >= before

    @rule(card=st.sampled_from(CARDS))
    def renew_everything(self, card: str) -> None:
        renew_all(RenewAll(card, self._place(0)), self.now)

    @rule(card=st.sampled_from(CARDS), title=st.integers(0, 2), branch=st.integers(0, 2))
    def reserve(self, card: str, title: int, branch: int) -> None:
        done = place_hold(
            PlaceHold(
                card, title_id=self.titles[title], pickup_branch_id=self.places[branch], place=self._place(branch)
            ),
            self.now,
        )
        if isinstance(done, HoldPlaced):
            ahead = Hold.objects.filter(title_id=self.titles[title], status="waiting", id__lt=done.hold_id).count()
            assert 1 <= done.position <= ahead + 1

    @rule(card=st.sampled_from(CARDS), title=st.integers(0, 2))
    def cancel(self, card: str, title: int) -> None:
        hold = Hold.objects.filter(patron=self.patrons[card], title=self.titles[title]).first()
        if hold:
            assert not isinstance(cancel_hold(CancelHold(hold_id=hold.pk, place=self._place(0)), self.now), Refusal)

    @rule(card=st.sampled_from(CARDS), days=st.integers(1, 30))
    def suspend(self, card: str, days: int) -> None:
        hold = Hold.objects.filter(patron=self.patrons[card], status="waiting").first()
        if hold:
            suspend_hold(SuspendHold(self._place(0), hold.pk, (self.now + timedelta(days=days)).date()), self.now)

    @rule(item=st.sampled_from(ITEMS))
    def lose(self, item: str) -> None:
        mark_lost(MarkLost(item, place=self._place(0)), self.now)

    @rule(item=st.sampled_from(ITEMS))
    def miss(self, item: str) -> None:
        if not isinstance(mark_missing(MarkMissing(item, place=self._place(0)), self.now), Refusal):
            assert item not in self.holder

    @rule(item=st.sampled_from(ITEMS))
    def claim(self, item: str) -> None:
        claim_returned(ClaimReturned(item, place=self._place(0)), self.now)

    @rule(item=st.sampled_from(ITEMS), branch=st.integers(0, 2))
    def send(self, item: str, branch: int) -> None:
        transfer(Transfer(item, self.places[branch], place=self._place(0)), self.now)

    @rule(card=st.sampled_from(CARDS), part=st.integers(1, 4))
    def pay_some(self, card: str, part: int) -> None:
        owed = Charge.objects.filter(patron=self.patrons[card], settled_at=None).aggregate(
            sum=Sum(F("amount") - F("settled"))
        )["sum"]
        if owed:
            amount = (owed * part / 4).quantize(Decimal("0.01"))
            assert not isinstance(pay(Pay(card, amount or owed, "cash"), self.now), Refusal)

    @rule(days=st.sampled_from([0, 1, 4, 30, 45]))
    def time_goes_by(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=1)

    @rule()
    def night(self) -> None:
        run_due(self.now)

    @invariant()
    def the_database_knows_who_holds_what(self) -> None:
        rows = Loan.objects.exclude(status="closed").values_list("item__barcode", "patron_id")
        expected = {item: self.patrons[card] for item, card in self.holder.items()}
        assert sorted(rows) == sorted(expected.items())

    @invariant()
    def items_agree_with_loans_holds_and_transits(self) -> None:
        on_loan = set(Loan.objects.exclude(status="closed").values_list("item_id", flat=True))
        for item in Item.objects.all():
            status = ItemStatus(item.status)
            if item.pk in on_loan:
                assert status in WITH_OPEN_LOAN
            else:
                assert status not in {ItemStatus.ON_LOAN, ItemStatus.CLAIMED_RETURNED}
            kept = Hold.objects.filter(item=item, status__in=["ready", "in_transit", "trapped"]).first()
            travels = Transit.objects.filter(item=item, received_at=None).exists()
            assert (status == ItemStatus.ON_HOLD_SHELF) == (kept is not None and kept.status == "ready")
            assert travels == (status == ItemStatus.IN_TRANSIT)

    @invariant()
    def money_adds_up(self) -> None:
        for charge in Charge.objects.annotate(parts=Sum("settlements__amount")):
            assert charge.settled == (charge.parts or 0)
            assert (charge.settled_at is not None) == (charge.settled == charge.amount)
        for payment in Payment.objects.annotate(parts=Sum("settlements__amount")):
            assert payment.amount == (payment.parts or 0) or Deposit.objects.filter(payment=payment).exists()
        overdue = Charge.objects.filter(kind="overdue")
        assert not overdue.filter(amount__gt=30).exists()
        assert not overdue.filter(patron=self.patrons["M2"], amount__gt=20).exists()
        assert not Settlement.objects.filter(amount__lte=0).exists()

    @invariant()
    def nobody_is_above_a_limit(self) -> None:
        counts = Loan.objects.exclude(status="closed").values("patron_id", "card_kind_id").annotate(n=Count("id"))
        for row in counts:
            limit = Limit.objects.filter(card_kind=row["card_kind_id"], group=None, counts="loans").first()
            assert limit is None or row["n"] <= limit.most

    @invariant()
    def queues_are_fair(self) -> None:
        """Nobody waits for an item that stands free while nobody before him is passed over for a reason."""
        twice = Hold.objects.filter(status__in=OPEN_HOLD).values("patron_id", "title_id").annotate(n=Count("id"))
        assert not twice.filter(n__gt=1).exists()
        assert not Hold.objects.filter(status__in=OPEN_HOLD, patron=None).exists()

    @invariant()
    def nothing_is_readable_about_finished_loans(self) -> None:
        assert not Loan.objects.filter(status="closed").exclude(patron=None).exists()
        assert not Hold.objects.exclude(status__in=OPEN_HOLD).exclude(patron=None).exists()
        consenting = {self.patrons[card] for card in KEEPS_HISTORY}
        assert set(History.objects.values_list("patron_id", flat=True)) <= consenting

    @invariant()
    def events_tell_of_every_loan(self) -> None:
        lent = Event.objects.filter(verb="checkout").values("loan_id").distinct().count()
        assert lent == Loan.objects.count()


@pytest.mark.django_db
def test_lending_as_a_state_machine() -> None:
    network.lay_out(real_now() - timedelta(days=3))
    run_state_machine_as_test(
        Lending,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
