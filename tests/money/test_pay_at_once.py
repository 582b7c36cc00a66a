"""Payments that arrive at the same time: a reference counts once, nobody pays more than he owes."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from shufang.branches.models import Library
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed, raise_charge
from shufang.money.models import Charge, OnlinePayment, Payment, ProviderReport
from shufang.money.online import (
    Confirmed,
    ConfirmPayment,
    PaymentStarted,
    StartPayment,
    confirm_payment,
    start_payment,
)
from shufang.money.pay import Paid, Pay, pay
from shufang.money.providers import simulator
from shufang.money.providers.interface import Order
from tests.circulation.readers import NOW, WANG, ZHANG, patron, settle

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


def at_once(work: Callable[[int], object]) -> list[object]:
    ready = threading.Barrier(THREADS)
    answers: list[object] = []

    def one(number: int) -> None:
        try:
            ready.wait(30)
            answers.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == THREADS
    return answers


def owes(number: str, value: str) -> None:
    library = Library.objects.get(code="DX").pk
    raise_charge(patron(number).pk, library, Charge.Kind.OVERDUE, Decimal(value), NOW)


def test_one_reference_four_times_is_one_payment() -> None:
    settle()
    owes(ZHANG, "20.00")
    answers = at_once(lambda _: pay(Pay(ZHANG, Decimal("5.00"), "cash", scope="gmd-1", reference="R"), NOW))
    assert sorted(answer.was_paid_before for answer in answers if isinstance(answer, Paid)) == [False, True, True, True]
    assert owed(patron(ZHANG).pk) == Decimal("15.00")


def test_one_reference_of_two_readers_is_one_payment_and_a_refusal() -> None:
    settle()
    owes(ZHANG, "20.00")
    owes(WANG, "20.00")
    answers = at_once(
        lambda number: pay(Pay((ZHANG, WANG)[number % 2], Decimal("5.00"), "cash", scope="gmd-1", reference="R"), NOW)
    )
    assert Payment.objects.count() == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"reference_used"}


def test_four_payments_of_all_that_is_owed_are_one() -> None:
    settle()
    owes(ZHANG, "5.00")
    answers = at_once(lambda number: pay(Pay(ZHANG, Decimal("5.00"), "cash", scope="x", reference=str(number)), NOW))
    assert len([answer for answer in answers if isinstance(answer, Paid)]) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"nothing_to_pay"}
    assert patron(ZHANG).revision == 1


def test_one_call_back_four_times_at_once_counts_once(settings: Settings) -> None:
    settings.SHUFANG_PAYMENT_PROVIDER = "simulator"
    settle()
    owes(ZHANG, "5.00")
    begun = start_payment(StartPayment(ZHANG, OnlinePayment.Purpose.CHARGES, "http://t/", "http://t/"), NOW)
    assert isinstance(begun, PaymentStarted)
    order = Order(begun.reference, begun.amount, "charges", "http://t/", "http://t/")
    body, headers = simulator.call_back(order, is_paid=True)
    answers = at_once(lambda _: confirm_payment(ConfirmPayment("simulator", body, headers), NOW))
    assert sorted(answer.code for answer in answers if isinstance(answer, Confirmed)) == [
        "counted",
        "counted_before",
        "counted_before",
        "counted_before",
    ]
    assert Payment.objects.count() == 1
    assert ProviderReport.objects.get().times == THREADS
    assert owed(patron(ZHANG).pk) == 0


def test_a_call_back_about_no_order_four_times_at_once_is_one_report(settings: Settings) -> None:
    settings.SHUFANG_PAYMENT_PROVIDER = "simulator"
    settle()
    order = Order("nobody-knows-it", Decimal("5.00"), "charges", "http://t/", "http://t/")
    body, headers = simulator.call_back(order, is_paid=True)
    answers = at_once(lambda _: confirm_payment(ConfirmPayment("simulator", body, headers), NOW))
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"payment_unknown"}
    assert ProviderReport.objects.get().times == THREADS
