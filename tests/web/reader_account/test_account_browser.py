"""The account in a real browser: for everyone, by keyboard, without JavaScript, and what the back button shows."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from playwright.sync_api import Browser, BrowserContext, Page, expect

from shufang.audit.trail import record
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.models import Loan
from shufang.circulation.place import PinCheck
from shufang.demo.cast import machine
from shufang.jobs.run import run_named
from shufang.kernel import clock
from shufang.notices.models import Notice
from shufang.patrons import sessions
from shufang.patrons.models import Card, Patron, PatronSession
from shufang.web.reader.signed_in import COOKIE
from tests.web.test_browser import CHROMIUM, LAPTOP, PHONE, cut_off, violations

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.django_db(transaction=True),
]

Device = Callable[..., BrowserContext]
PUBLIC = ("/sign-in/", "/sign-in/forgotten/", "/sign-in/new-pin/", "/more/")
OWN = (
    *("/more/", "/me/", "/me/lost/", "/me/messages/", "/me/family/", "/me/privacy/", "/me/close/", "/me/pin/"),
    *("/me/devices/", "/me/settings/", "/me/settings/email/", "/me/settings/email/code/"),
)


@pytest.fixture
def device(browser: Browser, site: str) -> Iterator[Device]:
    """Return what opens a browser, in which the reader of a card is signed in (none: nobody)."""
    made: list[BrowserContext] = []

    def new(
        card: str = "",
        language: str = "en",
        scheme: str = "day",
        size: tuple[int, int] = PHONE,
        *,
        javascript: bool = True,
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=site,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "night" else "light",
            locale=language,
            java_script_enabled=javascript,
        )
        if card:
            token = sessions.start(Patron.objects.get(cards__number=card), clock.now(), is_own_device=True)
            context.add_cookies([{"name": COOKIE, "value": token, "url": site}])
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()


def a_full_life() -> None:
    """Give D0000001 a child with a book that is due, a message, and somebody who looked."""
    now = clock.now()
    for card, barcode in (("D0000001", "DX00000001"), ("D0000007", "DX00000002")):
        done = checkout(Checkout(card, barcode, machine(), PinCheck.RIGHT), now)
        assert isinstance(done, CheckedOut)
    Loan.objects.update(due_at=now + timedelta(days=2), borrowed_at=now - timedelta(days=30))
    run_named(["write_notices"], now)
    assert Notice.objects.filter(template="due_soon").exists()
    record(7, "chen", "look", "patron", Patron.objects.get(cards__number="D0000001").pk, "admin", now)


def sign_in(page: Page, card: str = "D0000001", pin: str = "135790") -> None:
    Patron.objects.filter(cards__number=card).update(language="en")  # which the pages speak from then on
    page.get_by_label("Card number").fill(card)
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("scheme", "size"), [("day", PHONE), ("night", PHONE), ("day", LAPTOP), ("night", LAPTOP)])
def test_every_page_of_the_account_is_for_everyone(
    device: Device, language: str, scheme: str, size: tuple[int, int]
) -> None:
    a_full_life()
    complaints: list[str] = []
    for card, paths in (("", PUBLIC), ("D0000001", OWN)):
        page = device(card, language, scheme, size).new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for path in paths:
            page.goto(path)
            assert page.get_attribute("html", "lang") == language, path
            assert violations(page) == [], path
            assert not cut_off(page), path
            assert not page.locator("main .seal").count(), path
    assert complaints == []


def test_forms_that_were_refused_are_for_everyone_too(device: Device) -> None:
    page = device("", scheme="night").new_page()
    page.goto("/sign-in/")
    sign_in(page, pin="000001")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    assert violations(page) == []
    page = device("D0000001").new_page()
    page.goto("/me/pin/")
    page.get_by_label("Present PIN").fill("135790")
    page.get_by_label("New PIN", exact=True).fill("123456")
    page.get_by_label("New PIN again").fill("123456")
    page.get_by_role("button", name="Change the PIN").click()
    field = page.get_by_label("New PIN", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("This PIN is too easy to guess. Choose another.")
    assert violations(page) == []


def test_nothing_of_the_account_is_lost_at_twice_the_text(device: Device) -> None:
    a_full_life()
    page = device("D0000001", "zh-CN").new_page()
    for path in OWN:
        page.goto(path)
        page.evaluate(
            "() => { const s = new CSSStyleSheet(); s.replaceSync(':root { font-size: 200% }');"
            "document.adoptedStyleSheets = [s]; }"
        )
        assert not cut_off(page), path


def test_the_bar_hides_nothing_that_has_the_focus(device: Device) -> None:
    page = device("D0000001", size=(390, 500)).new_page()
    page.goto("/me/settings/")
    bar = page.locator("nav.parts")
    for control in page.locator("main :is(a, button, input, select):visible").all():
        control.focus()
        box, over = control.bounding_box(), bar.bounding_box()
        assert box is not None
        assert over is not None
        assert box["y"] + box["height"] <= over["y"] + 1, control.inner_text()


def test_by_keyboard_from_the_first_page_to_the_settings(device: Device) -> None:
    page = device(size=LAPTOP).new_page()
    page.goto("/me/settings/")
    page.wait_for_url("**/sign-in/?next=/me/settings/")
    page.locator("#card").focus()
    page.keyboard.type("D0000001")
    page.keyboard.press("Tab")
    page.keyboard.type("135790")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("设置")  # what this reader is spoken to in
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_all_of_it_works_without_javascript(device: Device) -> None:
    a_full_life()
    page = device(javascript=False).new_page()
    page.goto("/more/")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    sign_in(page)
    page.goto("/me/family/")
    page.get_by_role("button", name=re.compile("Renew “")).click()
    expect(page.get_by_role("status").first).to_contain_text("Renewed. Return by")
    page.goto("/me/settings/")
    page.get_by_label("Offered first when you reserve").select_option(label="Huangcun City Study")
    page.get_by_role("button", name="Save").last.click()
    assert Patron.objects.get(cards__number="D0000001").home_branch_id is not None
    page.goto("/me/lost/")
    page.get_by_role("button", name="Yes, stop it").click()
    assert Card.objects.get(number="D0000001").status == Card.Status.LOST
    expect(page.get_by_role("note")).to_contain_text("reported lost")


def test_a_forgotten_pin_is_set_anew_with_the_code_from_the_mail(device: Device) -> None:
    mail.outbox = []
    page = device().new_page()
    page.goto("/sign-in/")
    page.get_by_role("link", name="Forgotten PIN").click()
    page.get_by_label("Card number").fill("D0000001")
    page.get_by_role("button", name="Send the code").click()
    page.wait_for_url("**/sign-in/new-pin/")
    for _ in range(200):  # a thread of its own sends it
        if mail.outbox:
            break
        page.wait_for_timeout(50)
    found = re.search(r"\b(\d{6})\b", str(mail.outbox[0].body))
    assert found
    page.get_by_label("Code from the message").fill(found[1])
    page.get_by_label("New PIN", exact=True).fill("246813")
    page.get_by_label("New PIN again").fill("246813")
    page.get_by_role("button", name="Set the new PIN").click()
    page.wait_for_url("**/sign-in/")
    sign_in(page, pin="246813")
    page.wait_for_load_state()
    assert "/sign-in/" not in page.url
    assert PatronSession.objects.count() == 1


def test_the_back_button_shows_nothing_after_signing_out(device: Device) -> None:
    page = device("D0000001").new_page()
    page.goto("/more/")
    page.goto("/me/privacy/")
    page.goto("/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text("王小红")
    page.goto("/more/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    for _ in range(4):
        page.go_back()
        page.wait_for_load_state()
        assert "王小红" not in page.content()
        assert "010-00000001" not in page.content()


def test_a_first_pin_leads_nowhere_else(device: Device) -> None:
    Patron.objects.filter(cards__number="D0000001").update(pin_must_change=True)
    page = device().new_page()
    page.goto("/me/privacy/")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your own PIN first")
    page.goto("/")
    assert "王小红" not in page.content()
    page.goto("/me/family/")
    page.get_by_label("Present PIN").fill("135790")
    page.get_by_label("New PIN", exact=True).fill("246813")
    page.get_by_label("New PIN again").fill("246813")
    page.get_by_role("button", name="Change the PIN").click()
    page.goto("/me/family/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Family")


def test_the_data_is_taken_away(device: Device) -> None:
    page = device("D0000001").new_page()
    page.goto("/me/privacy/")
    for name, ending in (("To read", ".html"), ("For programs (JSON)", ".json")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(ending)
        assert "王小红" in download.value.path().read_text(encoding="utf-8")
