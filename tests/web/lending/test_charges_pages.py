"""My charges: what is owed and why, paying it through the simulator, receipts."""

import re
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from shufang.kernel import clock
from shufang.money.charges import owed
from shufang.money.models import OnlinePayment, Payment, ProviderReport, RefundDue
from shufang.money.pay import Paid, Pay, pay
from shufang.money.providers import simulator as provider
from tests.web.lending.books import ME, patron_id, said, words

AsReader = Callable[[str], Client]
OWES = "D0000005"
CALL_BACK = "/payments/simulator/call-back/"


@pytest.fixture
def debtor(as_reader: AsReader, simulator: None) -> Client:
    return as_reader(OWES)


def begin(client: Client) -> str:
    """Start paying; return the path of the simulator's page."""
    answer = client.post("/me/charges/pay/")
    assert answer.status_code == 302
    address = urlsplit(answer["Location"])
    return f"{address.path}?{address.query}"


def choose(client: Client, path: str, choice: str) -> str:
    """Press a button of the simulator; return what the page says where one ends."""
    return words(client.post(path, {"choice": choice}, follow=True))


def test_what_is_owed_and_why(debtor: Client) -> None:
    page = words(debtor.get("/me/charges/"))
    assert "You owe 35.00 yuan" in page
    assert "Overdue" in page
    assert "Processing" in page
    assert "Through Payment simulator. The oldest charge is paid first." in page


def test_nobody_to_pay_through(as_reader: AsReader) -> None:
    client = as_reader(OWES)
    page = words(client.get("/me/charges/"))
    assert "Pay at any self-service machine or desk." in page
    assert "Nothing can be paid online here" in said(client, "/me/charges/pay/")


def test_paying(debtor: Client) -> None:
    path = begin(debtor)
    assert "35.00 yuan" in words(debtor.get(path))
    page = choose(debtor, path, "pay")
    assert "35.00 yuan received" in page
    assert owed(patron_id(OWES)) == 0
    receipt = words(debtor.get(f"/me/receipts/{Payment.objects.get(method='simulator').pk}/"))
    assert "35.00 yuan paid" in receipt
    assert "30.00 yuan" in receipt
    assert "5.00 yuan" in receipt
    after = words(debtor.get("/me/charges/"))
    assert "You owe nothing" in after
    assert "Payment simulator" in after


@pytest.mark.parametrize("choice", ["twice", "pay"])
def test_it_counts_once_however_often_the_call_back_arrives(debtor: Client, choice: str) -> None:
    path = begin(debtor)
    choose(debtor, path, choice)
    choose(debtor, path, "twice")
    assert Payment.objects.filter(method="simulator").count() == 1
    assert ProviderReport.objects.get().times == {"twice": 4, "pay": 3}[choice]
    assert not RefundDue.objects.exists()


def test_declined_then_tried_again(debtor: Client) -> None:
    page = choose(debtor, begin(debtor), "decline")
    assert "It was not paid, and nothing was taken" in page
    assert owed(patron_id(OWES)) == Decimal("35.00")
    assert "35.00 yuan received" in choose(debtor, begin(debtor), "pay")


def test_back_before_the_call_back(debtor: Client) -> None:
    path = begin(debtor)
    page = choose(debtor, path, "nothing")
    assert "Waiting for 35.00 yuan" in page
    assert "Go on to pay" in page
    assert "Nobody goes back" in words(debtor.post(path, {"choice": "silently"}))
    reference = OnlinePayment.objects.get().reference
    assert "35.00 yuan received" in words(debtor.get(f"/me/payments/{reference}/"))


def test_a_provider_calls_back_without_a_cookie(debtor: Client) -> None:
    path = begin(debtor)
    order = provider.order_of(parse_qs(urlsplit(path).query)["order"][0])
    assert order is not None
    assert order.callback_url == f"http://testserver{CALL_BACK}"
    body, headers = provider.call_back(order, is_paid=True)
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(CALL_BACK, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"taken": True})
    assert owed(patron_id(OWES)) == 0
    again = stranger.post(CALL_BACK, body, content_type="application/json", headers=headers)
    assert again.status_code == 200
    assert Payment.objects.filter(method="simulator").count() == 1


def test_call_backs_that_are_not_taken(debtor: Client) -> None:
    body = b'{"order":"x","transaction":"1","state":"paid","amount":"5.00"}'
    post = debtor.post
    assert post(CALL_BACK, body, content_type="application/json").status_code == 403
    signed = {provider.SIGNATURE: provider.signature(body)}
    assert post(CALL_BACK, body, content_type="application/json", headers=signed).status_code == 409
    assert post("/payments/wechat/call-back/", body, content_type="application/json").status_code == 404
    huge = b" " * (64 * 1024 + 1)
    assert post(CALL_BACK, huge, content_type="application/json").status_code == 403
    assert debtor.get(CALL_BACK).status_code == 405


def test_the_simulator_is_not_there_without_being_in_use(as_reader: AsReader, debtor: Client, settings: object) -> None:
    path = begin(debtor)
    assert debtor.get("/simulators/payment/?order=forged").status_code == 404
    settings.SHUFANG_PAYMENT_PROVIDER = ""  # type: ignore[attr-defined]  # pytest-django's own
    assert debtor.get(path).status_code == 404
    assert debtor.post(path, {"choice": "pay"}).status_code == 404
    assert owed(patron_id(OWES)) == Decimal("35.00")


def test_paid_at_the_desk_meanwhile_is_owed_back(debtor: Client) -> None:
    path = begin(debtor)
    assert isinstance(pay(Pay(OWES, Decimal("35.00"), "cash"), clock.now()), Paid)
    choose(debtor, path, "pay")
    page = words(debtor.get("/me/charges/"))
    assert "Owed back to you" in page
    assert "More was paid than was owed" in page
    receipt = words(debtor.get(f"/me/receipts/{Payment.objects.get(method='simulator').pk}/"))
    assert "More than was owed; it goes back to you" in receipt


def test_nothing_to_pay(as_reader: AsReader, simulator: None) -> None:
    client = as_reader(ME)
    assert "You owe nothing" in words(client.get("/me/charges/"))
    assert "Nothing is owed" in said(client, "/me/charges/pay/")


def test_payments_and_receipts_of_others_are_nobodys_here(debtor: Client, as_reader: AsReader) -> None:
    choose(debtor, begin(debtor), "pay")
    other = as_reader(ME)
    assert other.get(f"/me/payments/{OnlinePayment.objects.get().reference}/").status_code == 404
    assert other.get(f"/me/receipts/{Payment.objects.get(method='simulator').pk}/").status_code == 404
    assert other.get("/me/payments/unknown/").status_code == 404


def test_a_deposit_is_shown(as_reader: AsReader) -> None:
    page = words(as_reader("D0000006").get("/me/charges/"))
    assert re.search(r"Deposit Held since .* it goes back with the card 50\.00 yuan", page)
