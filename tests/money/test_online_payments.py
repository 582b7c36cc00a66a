"""Payments through a provider: each way a call-back can arrive, and what became of the money."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from pytest_django.fixtures import Settings

from shufang.kernel.refusal import Refusal
from shufang.money.charges import open_charges, owed
from shufang.money.models import OnlinePayment, Payment, ProviderReport, RefundDue
from shufang.money.online import ConfirmPayment, confirm_payment, start_payment, state_of
from shufang.money.pay import Paid, Pay, pay
from shufang.money.providers import simulator
from shufang.money.refund import Refund, Refunded, refund
from shufang.money.settle_report import ReportSettled, SettleReport, settle_report
from tests.circulation.readers import DAY, NOW, WANG, ZHANG, patron, settle
from tests.money.paying_online import MINUTE, Status, adds_up, order, owes, started, told, wish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _network(settings: Settings) -> None:
    settings.SHUFANG_PAYMENT_PROVIDER = "simulator"
    settle()


def test_all_that_is_owed_is_paid_oldest_first() -> None:
    newer, older = owes("5.00", days=-1), owes("3.00", days=-2)
    begun = started()
    assert begun.amount == Decimal("8.00")
    assert begun.address.startswith("http://t/simulators/payment/?order=")
    assert told(begun) == "counted"
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.scope) == (Decimal("8.00"), "simulator", "simulator")
    assert [part.charge_id for part in payment.settlements.order_by("id")] == [older, newer]
    found = state_of(begun.reference)
    assert found is not None
    assert (found.status, found.payment_id, found.patron_id) == (Status.COUNTED, payment.pk, patron(ZHANG).pk)
    assert adds_up()


# Scenario 43
def test_a_payment_counts_once_however_often_its_call_back_arrives() -> None:
    owes("5.00")
    begun = started()
    assert told(begun) == "counted"
    for minutes in range(2, 6):
        assert told(begun, later=minutes * MINUTE) == "counted_before"
    assert Payment.objects.count() == 1
    report = ProviderReport.objects.get()
    assert (report.times, report.code, report.needs_staff) == (5, "counted", False)
    assert report.last_at == NOW + 5 * MINUTE


def test_the_amount_is_that_of_the_start() -> None:
    owes("5.00")
    begun = started()
    later = owes("2.00", days=1)
    assert told(begun) == "counted"
    assert [(charge.charge_id, charge.left) for charge in open_charges(patron(ZHANG).pk)] == [(later, Decimal("2.00"))]


def test_a_part_of_it() -> None:
    owes("5.00")
    assert told(started(amount=Decimal("2.00"))) == "counted"
    assert owed(patron(ZHANG).pk) == Decimal("3.00")


def test_a_second_wish_is_led_to_the_same_order() -> None:
    owes("5.00")
    first, second = started(), started()
    assert (second.reference, second.was_started_before) == (first.reference, True)
    assert not first.was_started_before
    owes("1.00")
    assert started().reference != first.reference


def test_declined_then_paid_out_of_order_counts() -> None:
    owes("5.00")
    begun = started()
    assert told(begun, is_paid=False) == "declined"
    assert OnlinePayment.objects.get().status == Status.DECLINED
    assert told(begun, is_paid=False, later=2 * MINUTE) == "declined"
    assert told(begun, attempt=2, later=3 * MINUTE) == "counted"
    assert told(begun, is_paid=False, later=4 * MINUTE) == "declined_late"
    assert OnlinePayment.objects.get().status == Status.COUNTED
    assert owed(patron(ZHANG).pk) == 0


def test_what_was_paid_at_the_desk_meanwhile_is_owed_back() -> None:
    owes("5.00")
    begun = started()
    assert isinstance(pay(Pay(ZHANG, Decimal("3.00"), "cash"), NOW), Paid)
    assert told(begun) == "counted_surplus"
    due = RefundDue.objects.get()
    assert (due.amount, due.charge_id, due.patron_id) == (Decimal("3.00"), None, patron(ZHANG).pk)
    assert owed(patron(ZHANG).pk) == 0
    assert adds_up()
    given = refund(Refund(due.pk, "cash", 1), NOW + DAY)
    assert isinstance(given, Refunded)
    assert given.amount == Decimal("3.00")
    assert adds_up()


def test_all_of_it_was_paid_meanwhile() -> None:
    owes("5.00")
    begun = started()
    pay(Pay(ZHANG, Decimal("5.00"), "cash"), NOW)
    assert told(begun) == "counted_surplus"
    assert RefundDue.objects.get().amount == Decimal("5.00")
    assert told(begun, later=2 * MINUTE) == "counted_before"
    assert RefundDue.objects.count() == 1


def test_an_order_paid_twice_gives_the_second_payment_back() -> None:
    owes("5.00")
    owes("7.00")
    begun = started(amount=Decimal("5.00"))
    assert told(begun) == "counted"
    assert told(begun, attempt=2) == "paid_twice"
    assert told(begun, attempt=2, later=5 * MINUTE) == "counted_before"
    assert RefundDue.objects.get().amount == Decimal("5.00")
    assert owed(patron(ZHANG).pk) == Decimal("7.00")
    assert adds_up()


def test_another_amount_is_kept_for_staff() -> None:
    owes("5.00")
    begun = started()
    assert told(begun, amount="4.99") == "payment_amount_differs"
    assert (Payment.objects.count(), OnlinePayment.objects.get().status) == (0, Status.STARTED)
    report = ProviderReport.objects.get()
    assert (report.amount, report.needs_staff) == (Decimal("4.99"), True)
    assert isinstance(settle_report(SettleReport(report.pk, 1, "librarian"), NOW), ReportSettled)
    again = settle_report(SettleReport(report.pk, 1, "librarian"), NOW)
    assert isinstance(again, Refusal)
    assert again.code == "report_unknown"


def test_an_unknown_order_is_kept_for_staff_and_counts_once_it_is_known() -> None:
    owes("5.00")
    begun = started()
    known = OnlinePayment.objects.filter(reference=begun.reference)
    known.update(reference="elsewhere")
    assert told(begun) == "payment_unknown"
    assert told(begun) == "payment_unknown"
    report = ProviderReport.objects.get()
    assert (report.times, report.needs_staff) == (2, True)
    OnlinePayment.objects.update(reference=begun.reference)
    assert told(begun) == "counted"
    report.refresh_from_db()
    assert (report.code, report.needs_staff) == ("counted", False)


def test_one_number_of_the_provider_never_counts_for_two_orders() -> None:
    owes("5.00")
    owes("5.00", number=WANG)
    first, second = started(), started(WANG)
    told(first)
    used = Payment.objects.get().reference
    assert used is not None
    body = simulator.call_back(order(second), is_paid=True)[0].replace(
        simulator.call_back(order(second), is_paid=True)[0].split(b'"transaction": "')[1][:27], used.encode()
    )
    answer = confirm_payment(ConfirmPayment("simulator", body, {simulator.SIGNATURE: simulator.signature(body)}), NOW)
    assert answer.code == "reference_used"
    assert owed(patron(WANG).pk) == Decimal("5.00")
    assert ProviderReport.objects.get(code="reference_used").needs_staff


@pytest.mark.parametrize(
    ("body", "signed", "code"),
    [
        (b'{"order":"x","transaction":"1","state":"paid","amount":"5.00"}', False, "signature_wrong"),
        (b"", False, "signature_wrong"),
        (b"no json", True, "callback_invalid"),
        (b"[]", True, "callback_invalid"),
        (b'{"order":"x","transaction":"1","state":"maybe","amount":"5.00"}', True, "callback_invalid"),
        (b'{"order":"x","transaction":"1","state":"paid","amount":"NaN"}', True, "callback_invalid"),
        (b'{"order":"x","transaction":"1","state":"paid","amount":"five"}', True, "callback_invalid"),
        (b'{"order":"x","transaction":"","state":"paid","amount":"5.00"}', True, "callback_invalid"),
        (b'{"order":"x","transaction":"1","state":"paid","amount":"99999999999"}', True, "callback_invalid"),
        (b'{"order":"x","transaction":"1","state":"paid"}', True, "callback_invalid"),
        (b'{"order":"x","transaction":"1","state":"paid","amount":"5.00"}', True, "payment_unknown"),
    ],
)
def test_what_is_not_signed_or_not_readable_is_refused(body: bytes, signed: bool, code: str) -> None:
    headers: Mapping[str, str] = {simulator.SIGNATURE: simulator.signature(body) if signed else "0" * 64}
    answer = confirm_payment(ConfirmPayment("simulator", body, headers), NOW)
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert ProviderReport.objects.count() == (code == "payment_unknown")
    assert Payment.objects.count() == 0


def test_another_provider_says_nothing_here(settings: Settings) -> None:
    assert confirm_payment(ConfirmPayment("wechat", b""), NOW).code == "provider_unknown"
    settings.SHUFANG_PAYMENT_PROVIDER = ""
    assert confirm_payment(ConfirmPayment("simulator", b""), NOW).code == "provider_unknown"
    assert start_payment(wish(), NOW) == Refusal("payment_not_offered")


@pytest.mark.parametrize(
    ("number", "amount", "code"),
    [
        ("T9999", None, "card_unknown"),
        (WANG, None, "nothing_to_pay"),
        (ZHANG, Decimal("0.00"), "amount_invalid"),
        (ZHANG, Decimal("1.005"), "amount_invalid"),
        (ZHANG, Decimal("5.01"), "overpayment"),
    ],
)
def test_what_cannot_be_started(number: str, amount: Decimal | None, code: str) -> None:
    owes("5.00")
    done = start_payment(wish(number, amount=amount), NOW)
    assert isinstance(done, Refusal)
    assert done.code == code
    assert not OnlinePayment.objects.exists()
