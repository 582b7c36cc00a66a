"""A reader on a phone, in a real browser: finds, reserves, renews, pays; and every page of lending is for everyone."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from shufang.branches.models import Library
from shufang.catalogue.models import Title
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.keep_history import KeepHistory, keep_history
from shufang.circulation.models import Hold, Loan
from shufang.kernel import clock
from shufang.lists import entries, keeping
from shufang.lists.models import BookList
from shufang.money.charges import owed, raise_charge
from shufang.money.models import Charge, OnlinePayment, Payment
from shufang.money.online import PaymentStarted, StartPayment, start_payment
from tests.web.lending.books import ME, due, give_back, lend, patron_id, reserve, title_id
from tests.web.test_browser import CHROMIUM, LAPTOP, PHONE, cut_off, violations

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.django_db(transaction=True),
]

Phone = Callable[..., BrowserContext]


def owes(value: str) -> None:
    library = Library.objects.get(code="DX").pk
    raise_charge(patron_id(ME), library, Charge.Kind.OVERDUE, Decimal(value), clock.now())


def sign_in(page: Page, card: str = ME) -> None:
    page.get_by_label("Card number").fill(card)
    page.get_by_label("PIN").fill("135790")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def finds_reserves_and_renews(page: Page, site: str) -> None:
    """Walk the whole way that a reader goes, by what stands on the pages."""
    wanted = Title.objects.get(pk=title_id("DX00000201"))
    page.goto(site)
    page.get_by_role("searchbox").fill(wanted.title)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=wanted.title).first.click()
    page.get_by_role("link", name="Sign in to reserve it").click()
    sign_in(page)
    expect(page).to_have_url(re.compile(f"/titles/{wanted.pk}/$"))
    page.get_by_label("Pick up at").select_option("HC")
    page.get_by_role("button", name="Keep one for me").click()
    expect(page.get_by_text("number 1 in the queue")).to_be_visible()
    page.get_by_role("link", name="How it stands").click()
    expect(page.get_by_text("Number 1 in the queue")).to_be_visible()
    page.get_by_role("link", name="Loans").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 out, 1 due tomorrow")
    page.get_by_role("button", name=re.compile("^Renew ")).first.click()
    expect(page.get_by_text("Renewed. Return by")).to_be_visible()


# Scenario 42
@pytest.mark.parametrize("javascript", [True, False])
def test_a_reader_finds_reserves_and_renews(phone: Phone, site: str, javascript: bool) -> None:
    loan = lend(ME, "DX00000001")
    due(loan, 1)
    context = phone(javascript=javascript)
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": site}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    finds_reserves_and_renews(page, site)
    hold = Hold.objects.get(patron_id=patron_id(ME), status__in=OPEN)
    assert hold.pickup_branch.code == "HC"
    assert Loan.objects.get(pk=loan.pk).renewals == 1
    assert complaints == []


def test_renewing_says_so_in_place_and_keeps_the_focus(phone: Phone, site: str) -> None:
    first, second = lend(ME, "DX00000001"), lend(ME, "DX00000002")
    due(first, 1)
    page = phone(ME).new_page()
    page.goto(f"{site}/me/loans/")
    button = page.locator(f"#renew-{first.pk}")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#loan-{first.pk}").get_by_text("Renewed. Return by")).to_be_visible()
    expect(page.locator(f"#renew-{first.pk}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#loan-{first.pk}").get_by_text("It was renewed already")).to_be_visible()
    assert page.url == f"{site}/me/loans/"
    assert Loan.objects.get(pk=second.pk).renewals == 0


def test_paying_and_the_receipt(phone: Phone, site: str, simulator: None) -> None:
    owes("12.40")
    page = phone(ME).new_page()
    page.goto(f"{site}/me/charges/")
    page.get_by_role("button", name="Pay 12.40 yuan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("12.40 yuan")
    page.get_by_role("button", name="Pay and call back twice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("12.40 yuan received")
    page.get_by_role("link", name="The receipt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("12.40 yuan paid")
    assert owed(patron_id(ME)) == 0
    assert Payment.objects.filter(method="simulator").count() == 1


def test_the_waiting_page_hears_of_the_payment_by_itself(phone: Phone, site: str, simulator: None) -> None:
    owes("3.00")
    context = phone(ME)
    page = context.new_page()
    page.goto(f"{site}/me/charges/")
    page.get_by_role("button", name="Pay 3.00 yuan").click()
    simulator_page = page.url
    page.get_by_role("button", name="Nothing happens").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for 3.00 yuan")
    other = context.new_page()
    other.goto(simulator_page)
    other.get_by_role("button", name="Pay, but do not come back").click()
    expect(other.get_by_text("Paid and called back")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("3.00 yuan received", timeout=10_000)


def with_everything() -> dict[str, str]:
    """Let the reader have something on every page; return the pages."""
    keep_history(KeepHistory(ME), clock.now())
    lend(ME, "DX00000004")
    give_back("DX00000004")
    out = [lend(ME, f"DX0000000{number}") for number in (1, 2, 3)]
    for loan, days in zip(out, (-2, 1, 20), strict=True):
        due(loan, days)
    reserve(ME, "DX00000230", "YZ")
    reserve(ME, "DX00000201")
    give_back("DX00000201")
    owes("12.40")
    entries.want(patron_id(ME), title_id("DX00000005"), clock.now())
    kept = keeping.make_list(patron_id(ME), "Summer", clock.now())
    assert isinstance(kept, keeping.ListKept)
    entries.add_title(patron_id(ME), kept.list_id, title_id("DX00000006"), clock.now())
    shared = keeping.share_list(patron_id(ME), kept.list_id)
    assert isinstance(shared, keeping.ListKept)
    begun = start_payment(
        StartPayment(ME, OnlinePayment.Purpose.CHARGES, "http://t/{reference}", "http://t/"), clock.now()
    )
    assert isinstance(begun, PaymentStarted)
    payment = Payment.objects.create(patron_id=patron_id(ME), amount=Decimal("1.00"), method="cash", at=clock.now())
    assert BookList.objects.count() == 2
    return {
        "home": "/",
        "loans": "/me/loans/",
        "reservations": "/me/reservations/",
        "charges": "/me/charges/",
        "payment": f"/me/payments/{begun.reference}/",
        "simulator": begun.address.removeprefix("http://t"),
        "receipt": f"/me/receipts/{payment.pk}/",
        "history": "/me/history/",
        "stop": "/me/history/stop/",
        "lists": "/me/lists/",
        "list": f"/me/lists/{kept.list_id}/",
        "shared": f"/lists/{shared.share_key}/",
        "title to reserve": f"/titles/{title_id('DX00000231')}/",
        "title out": f"/titles/{title_id('DX00000001')}/",
        "title reserved": f"/titles/{title_id('DX00000230')}/",
        "results": "/search/?q=zhongguo",
        "scan": "/scan/",
    }


# Scenario 37
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("scheme", "size"), [("day", PHONE), ("night", PHONE), ("day", LAPTOP), ("night", LAPTOP)])
def test_every_page_of_lending_is_for_everyone(
    phone: Phone, site: str, simulator: None, language: str, scheme: str, size: tuple[int, int]
) -> None:
    pages = with_everything()
    page = phone(ME, language, scheme, size=size).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for name, path in pages.items():
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert page.get_attribute("html", "lang") == language, name
        assert violations(page) == [], name
        assert not cut_off(page), name
    assert complaints == []


def test_nothing_empty_is_left_without_a_word(phone: Phone, site: str) -> None:
    page = phone(ME).new_page()
    for path in ("/", "/me/loans/", "/me/reservations/", "/me/charges/", "/me/history/", "/me/lists/"):
        page.goto(site + path)
        assert violations(page) == [], path
        assert page.get_by_role("heading", level=1).inner_text().strip(), path


def test_large_text_cuts_nothing_off(phone: Phone, site: str, simulator: None) -> None:
    pages = with_everything()
    page = phone(ME).new_page()
    for name, path in pages.items():
        page.goto(site + path)
        page.evaluate(
            "() => { const s = new CSSStyleSheet(); s.replaceSync(':root { font-size: 200% }');"
            "document.adoptedStyleSheets = [s]; }"
        )
        assert not cut_off(page), name
