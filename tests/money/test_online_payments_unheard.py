"""Deposits paid online; providers that cannot be reached or never call back; what is forgotten, and when."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django.fixtures import Settings

from shufang.jobs.run import run_named
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.money.deposits import held
from shufang.money.models import OnlinePayment, Payment, ProviderReport, RefundDue
from shufang.money.online import Confirmed, ConfirmPayment, confirm_payment, start_payment
from shufang.money.pay import Pay, pay
from shufang.money.providers import in_use, simulator
from shufang.money.providers.interface import Answer, Order, ProviderError, Report
from shufang.money.refund import Refund, Refunded, refund
from shufang.patrons.models import Card, CardKind
from tests.circulation.readers import DAY, LI, NOW, WANG, ZHANG, patron, settle
from tests.money.paying_online import DEPOSIT, MINUTE, Status, adds_up, order, owes, started, told, wish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _network(settings: Settings) -> None:
    settings.SHUFANG_PAYMENT_PROVIDER = "simulator"
    settle()


def test_a_deposit() -> None:
    begun = started(LI, purpose=DEPOSIT)
    assert begun.amount == Decimal("500.00")
    assert told(begun) == "counted"
    deposit = held(patron(LI).pk)
    assert deposit is not None
    assert deposit.payment.reference == OnlinePayment.objects.get().provider_reference
    refused = start_payment(wish(LI, DEPOSIT), NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "deposit_held"
    assert start_payment(wish(ZHANG, DEPOSIT), NOW) == Refusal("deposit_not_needed")
    assert adds_up()


def test_a_deposit_that_changed_meanwhile_is_owed_back() -> None:
    begun = started(LI, purpose=DEPOSIT)
    CardKind.objects.filter(code="E").update(deposit=400)
    assert told(begun) == "owed_back"
    assert held(patron(LI).pk) is None
    assert RefundDue.objects.get().amount == Decimal("500.00")
    assert told(begun) == "counted_before"
    assert adds_up()


def test_a_deposit_that_was_paid_at_the_desk_meanwhile_is_owed_back() -> None:
    first, again = started(LI, purpose=DEPOSIT), started(LI, purpose=DEPOSIT)
    assert first.reference == again.reference
    OnlinePayment.objects.update(started_at=NOW - DAY)
    second = started(LI, purpose=DEPOSIT)
    assert (told(first), told(second)) == ("counted", "owed_back")
    assert RefundDue.objects.get().amount == Decimal("500.00")
    assert adds_up()


def test_a_reader_whose_card_is_no_longer_good_may_pay() -> None:
    owes("5.00")
    begun = started()
    Card.objects.filter(number=ZHANG).update(status=Card.Status.LOST)
    assert told(begun) == "counted"


class Silent(simulator.Simulator):
    """A provider that cannot be reached, or that answers when it is asked."""

    code = "silent"
    says: Report | None = None
    is_down = False

    def start(self, order: Order) -> str:
        if self.is_down:
            raise ProviderError("no answer within 5 s")
        return "weixin://wxpay/bizpayurl?pr=1"

    def ask(self, reference: str) -> Report | None:
        if self.is_down:
            raise ProviderError("no answer within 5 s")
        return self.says

    def answer(self, *, is_taken: bool) -> Answer:
        return Answer(200, "text/plain", b"success" if is_taken else b"fail")


@pytest.fixture
def silent(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Silent:
    made = Silent()
    monkeypatch.setattr(in_use, "_made", lambda _named: made)
    settings.SHUFANG_PAYMENT_PROVIDER = "silent"
    return made


def test_a_provider_that_cannot_be_reached_takes_nothing(silent: Silent) -> None:
    owes("5.00")
    silent.is_down = True
    assert start_payment(wish(), NOW) == Refusal("provider_unreachable")
    assert OnlinePayment.objects.get().status == Status.DECLINED
    silent.is_down = False
    assert not started().was_started_before


def test_the_provider_is_asked_where_no_call_back_came(silent: Silent) -> None:
    owes("5.00")
    begun = started()
    run_named(["ask_payments"], NOW + 5 * MINUTE)
    run_named(["ask_payments"], NOW + 11 * MINUTE)
    silent.is_down = True
    run_named(["ask_payments"], NOW + 2 * DAY)
    assert OnlinePayment.objects.get().status == Status.STARTED
    silent.is_down = False
    silent.says = Report(begun.reference, "W1", is_paid=True, amount=Decimal("5.00"))
    (ran,) = run_named(["ask_payments"], NOW + 2 * DAY)
    assert ran.done == {"given up": 0, "settled": 1}
    assert owed(patron(ZHANG).pk) == 0


def test_after_a_day_nobody_waits_but_the_money_still_counts() -> None:
    owes("5.00")
    begun = started()
    run_named(["ask_payments"], NOW + DAY - MINUTE)
    assert OnlinePayment.objects.get().status == Status.STARTED
    run_named(["ask_payments"], NOW + DAY + MINUTE)
    assert OnlinePayment.objects.get().status == Status.EXPIRED
    assert told(begun, later=3 * DAY) == "counted"


def test_an_order_forgets_its_reader_and_then_comes_too_late() -> None:
    owes("5.00")
    owes("5.00", number=WANG)
    begun, other = started(), started(WANG)
    told(begun)
    run_named(["ask_payments"], NOW + 2 * DAY)
    run_named(["erase_charges"], NOW + 31 * DAY)
    assert Payment.objects.get().patron_id is None
    assert OnlinePayment.objects.get(card__isnull=False).reference == other.reference
    run_named(["erase_charges"], NOW + 33 * DAY)
    assert not OnlinePayment.objects.filter(card__isnull=False).exists()
    assert told(begun, later=40 * DAY) == "counted_before"
    assert told(other, later=40 * DAY) == "payment_too_late"
    assert ProviderReport.objects.get(code="payment_too_late").needs_staff
    assert adds_up()


def test_a_payment_of_which_something_is_owed_back_keeps_its_reader() -> None:
    owes("5.00")
    begun = started()
    pay(Pay(ZHANG, Decimal("5.00"), "cash"), NOW)
    told(begun)
    run_named(["erase_charges"], NOW + 60 * DAY)
    assert Payment.objects.get(method="simulator").patron_id == patron(ZHANG).pk
    assert isinstance(refund(Refund(RefundDue.objects.get().pk, "cash", 1), NOW + 60 * DAY), Refunded)
    run_named(["erase_charges"], NOW + 120 * DAY)
    assert not Payment.objects.filter(patron__isnull=False).exists()
    assert not OnlinePayment.objects.filter(card__isnull=False).exists()


def test_confirmed_says_what_a_face_must_know() -> None:
    owes("5.00")
    begun = started()
    body, headers = simulator.call_back(order(begun), is_paid=True)
    done = confirm_payment(ConfirmPayment("simulator", body, headers), NOW)
    assert done == Confirmed("counted", begun.reference, Payment.objects.get().pk)


def test_the_simulator_reads_only_its_own_orders() -> None:
    owes("5.00")
    address = started().address
    (text,) = parse_qs(urlsplit(address).query)["order"]
    found = simulator.order_of(text)
    assert found is not None
    assert (found.amount, found.callback_url) == (Decimal("5.00"), "http://t/back/simulator/")
    assert simulator.order_of(text[:-1] + ("a" if text[-1] != "a" else "b")) is None
