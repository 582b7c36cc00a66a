"""Cards begun at a machine and left: what the jobs make of them, also after a power cut between payment and card."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from shufang.demo import network
from shufang.jobs import finish_cards, refund_late_deposits
from shufang.money.deposits import held
from shufang.money.models import Deposit, OnlinePayment, Payment
from shufang.money.online import ConfirmPayment, PaymentStarted, StartPayment, confirm_payment, start_payment
from shufang.money.providers.interface import ProviderError
from shufang.money.providers.simulator import Simulator, call_back, order_of
from shufang.patrons.models import Card, Patron
from shufang.registration.get_card.give_up import GiveUp, give_up
from shufang.registration.models import Application, ShownDocument
from tests.registration.machine import LIN, NOW, Machine

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


class Till(Simulator):
    """A provider that notes what it sends back, and can be out of reach."""

    code = "till"
    sent_back: dict[str, Decimal] = {}
    is_away = False

    def refund(self, reference: str, provider_reference: str, amount: Decimal, key: str) -> None:
        assert reference
        assert provider_reference
        if Till.is_away:
            raise ProviderError
        Till.sent_back[key] = amount


@pytest.fixture(autouse=True)
def _till(settings: Settings) -> Iterator[None]:
    settings.SHUFANG_PAYMENT_PROVIDER = f"{__name__}.Till"
    Till.sent_back, Till.is_away = {}, False
    yield
    Till.sent_back = {}


@pytest.fixture
def machine() -> Machine:
    network.lay_out(NOW)
    return Machine()


def started(number: str) -> PaymentStarted:
    command = StartPayment(number, OnlinePayment.Purpose.DEPOSIT, "http://kiosk/back", "http://kiosk/call-back")
    done = start_payment(command, NOW)
    assert isinstance(done, PaymentStarted), done
    return done


def pays(payment: PaymentStarted) -> None:
    from urllib.parse import parse_qs, urlsplit

    order = order_of(parse_qs(urlsplit(payment.address).query)["order"][0])
    assert order is not None
    body, headers = call_back(order, is_paid=True)
    confirm_payment(ConfirmPayment("till", body, headers), NOW)


# Scenario 49
def test_power_cut_between_payment_and_card(machine: Machine) -> None:
    """The machine went dark after the money had been taken: the card is finished without it."""
    application_id = machine.ready(kind="C", phone="13800000000")
    payment = started(machine.make(application_id).number)
    pays(payment)
    assert Card.objects.get().status == Card.Status.ISSUED
    assert finish_cards.run(NOW + MINUTE) == {"finished": 0, "ended": 0, "left": 0}
    assert finish_cards.run(NOW + 3 * MINUTE)["finished"] == 1
    assert Card.objects.get().status == Card.Status.ACTIVE
    assert not Application.objects.exists()
    assert finish_cards.run(NOW + 4 * MINUTE) == {"finished": 0, "ended": 0, "left": 0}


def test_who_pays_on_the_way_home_has_his_card_within_a_minute(machine: Machine) -> None:
    application_id = machine.ready(kind="C", phone="13800000000", wants_print=True)
    payment = started(machine.make(application_id).number)
    give_up(GiveUp(application_id), NOW)
    assert finish_cards.run(NOW + MINUTE)["finished"] == 0
    pays(payment)
    assert finish_cards.run(NOW + MINUTE)["finished"] == 1
    assert Card.objects.get().status == Card.Status.ACTIVE
    again = machine.begin(LIN)  # back at the machine, for the plastic card
    assert (again.application_id, again.is_resumed) == (application_id, True)


def test_a_print_is_waited_for_a_day(machine: Machine) -> None:
    application_id = machine.ready(wants_print=True)
    machine.make(application_id)
    give_up(GiveUp(application_id), NOW)
    finish_cards.run(NOW + timedelta(hours=23))
    assert Application.objects.exists()
    finish_cards.run(NOW + timedelta(hours=25))
    assert not Application.objects.exists()
    assert not ShownDocument.objects.exists()
    assert Card.objects.get().status == Card.Status.ACTIVE


def test_an_unpaid_card_ends_and_its_person_is_forgotten(machine: Machine) -> None:
    application_id = machine.ready(kind="C", phone="13800000000")
    machine.make(application_id)
    assert finish_cards.run(NOW + 3 * MINUTE)["left"] == 1
    assert finish_cards.run(NOW + 10 * MINUTE)["ended"] == 0
    assert finish_cards.run(NOW + 19 * MINUTE)["ended"] == 1
    assert Card.objects.get().status == Card.Status.CLOSED
    assert Patron.objects.get().name == "-"


def test_a_machine_gone_dark_before_the_card_leaves_nothing(machine: Machine) -> None:
    machine.ready()
    assert finish_cards.run(NOW + 3 * MINUTE)["left"] == 1
    assert not Application.objects.exists()
    assert not Patron.objects.exists()


def test_money_that_comes_after_the_card_has_ended_goes_back_once(machine: Machine) -> None:
    application_id = machine.ready(kind="C", phone="13800000000")
    payment = started(machine.make(application_id).number)
    give_up(GiveUp(application_id, for_good=True), NOW)
    pays(payment)
    deposit = Deposit.objects.get()
    assert held(deposit.patron_id) is not None
    Till.is_away = True
    assert refund_late_deposits.run(NOW + MINUTE) == {"sent back": 0, "put off": 1}
    assert held(deposit.patron_id) is not None
    Till.is_away = False
    assert refund_late_deposits.run(NOW + MINUTE) == {"sent back": 1, "put off": 0}
    assert refund_late_deposits.run(NOW + MINUTE) == {"sent back": 0, "put off": 0}
    assert Till.sent_back == {f"deposit-{deposit.pk}": Decimal(100)}
    assert held(deposit.patron_id) is None
    assert set(Payment.objects.values_list("amount", "method")) == {(Decimal(100), "till"), (Decimal(-100), "till")}


def test_a_stop_between_the_providers_refund_and_our_books_repeats_the_same_refund(machine: Machine) -> None:
    application_id = machine.ready(kind="C", phone="13800000000")
    payment = started(machine.make(application_id).number)
    give_up(GiveUp(application_id, for_good=True), NOW)
    pays(payment)
    deposit = Deposit.objects.get()
    Till.sent_back[f"deposit-{deposit.pk}"] = Decimal(100)  # it was sent, then the power went
    refund_late_deposits.run(NOW + MINUTE)
    assert Till.sent_back == {f"deposit-{deposit.pk}": Decimal(100)}
    assert held(deposit.patron_id) is None


def test_the_deposit_of_a_good_card_stays(machine: Machine) -> None:
    application_id = machine.ready(kind="C", phone="13800000000")
    pays(started(machine.make(application_id).number))
    finish_cards.run(NOW + 3 * MINUTE)
    assert refund_late_deposits.run(NOW + 4 * MINUTE) == {"sent back": 0, "put off": 0}
    assert Deposit.objects.get().refunded_at is None
