"""A phone without a network, in a real browser: the card goes on making codes, loans are as last seen, and signing out
leaves nothing.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page

from shufang.circulation.models import Loan
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons import sessions
from shufang.patrons.models import Card, Patron
from shufang.patrons.phone_card import read_code
from shufang.patrons.phone_code import make_code
from shufang.web.codes import Drawing, qr_code
from shufang.web.reader import service_worker
from tests.web.phone.conftest import CHROMIUM
from tests.web.reading_codes import read_png

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.django_db(transaction=True),
]
Phone = Callable[..., BrowserContext]
READER, OTHER = "D0000002", "D0000001"

CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    found[name] = (await (await caches.open(name)).keys()).map(({ url, method }) => method + " " + new URL(url).pathname);
  }
  return JSON.stringify(found);
}"""
KEYS = """() => new Promise((resolve) => {
  const opening = indexedDB.open("shufang-reader", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("cards");
  opening.onsuccess = () => {
    const reading = opening.result.transaction("cards").objectStore("cards").getAllKeys();
    reading.onsuccess = () => { opening.result.close(); resolve(reading.result.length); };
  };
})"""
IS_KEPT = """async (path) => {
  for (const name of await caches.keys()) {
    if (name.startsWith("personal-") && (await (await caches.open(name)).match(path))) return true;
  }
  return false;
}"""


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def eventually(page: Page, script: str, expected: object, argument: object = None) -> None:
    """Wait until an asynchronous script of the page answers as expected (the browser's clock may stand still)."""
    until = time.monotonic() + 20
    while (answer := page.evaluate(script, argument)) != expected:
        assert time.monotonic() < until, f"{script} still answers {answer}"
        time.sleep(0.05)


def wait_until_kept(page: Page, *paths: str) -> None:
    for path in paths:
        eventually(page, IS_KEPT, expected=True, argument=path)


def wait_until_nothing_personal(page: Page) -> None:
    eventually(page, "async () => (await caches.keys()).filter((name) => name.startsWith('personal-')).length", 0)


def caches(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(page.evaluate(CACHES))
    return found


def personal(page: Page) -> dict[str, list[str]]:
    return {name: kept for name, kept in caches(page).items() if name.startswith("personal-")}


def shown_code(page: Page) -> str:
    return read_png(page.locator("[data-code]").screenshot())["QRCode"]


def accepted(code: str, seconds: int = 0) -> str:
    found = read_code(code, clock.now() + timedelta(seconds=seconds))
    return found.code if isinstance(found, Refusal) else found


def test_the_browser_makes_the_same_codes_as_the_server(phone: Phone, site: str) -> None:
    page = opened(phone(), f"{site}/offline/en/")
    made = page.evaluate(
        """async () => {
          const { keyOf, makeCode, stepOf } = await import("/static/web/js/phone_code.js");
          const key = await keyOf(btoa(String.fromCharCode(...Array(32).keys())));
          const codes = [];
          for (let step = 59000000; step < 59000200; step += 1) codes.push(await makeCode("012345678901234567", key, step));
          return { codes, step: stepOf(1772625629999), exported: key.extractable };
        }"""
    )
    secret = bytes(range(32))
    assert made["codes"] == [make_code("012345678901234567", secret, 59_000_000 + more) for more in range(200)]
    assert made["step"] == 1772625629 // 30
    assert made["exported"] is False


# Scenario 39
def test_the_card_works_without_a_network_and_its_codes_are_accepted(phone: Phone, site: str) -> None:
    context = phone(READER)
    context.clock.install(time=clock.now().timestamp())
    page = opened(context, f"{site}/me/card/")
    wait_until_kept(page, "/me/card/")
    first = shown_code(page)
    assert accepted(first) == READER
    assert accepted(first) == "phone_code_used"
    context.set_offline(True)
    page.goto(f"{site}/me/card/")
    assert page.locator("h1").inner_text() == "李文静"
    page.locator("[data-kept] time").wait_for()
    context.clock.run_for(31_000)
    second = shown_code(page)
    assert second != first
    assert accepted(second, 31) == READER
    context.clock.run_for(30_000)
    third = shown_code(page)
    assert third not in {first, second}
    assert accepted(third, 61) == READER


def test_it_is_there_on_the_first_lost_network_though_the_card_was_never_opened(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, site)
    wait_until_kept(page, "/me/card/", "/me/loans/", "/")
    eventually(page, KEYS, 1)
    context.set_offline(True)
    page.goto(f"{site}/me/card/")
    assert page.locator("h1").inner_text() == "李文静"
    assert accepted(shown_code(page)) == READER


def test_loans_and_due_dates_are_as_last_seen_and_say_since_when(phone: Phone, site: str) -> None:
    context = phone("D0000006")
    page = opened(context, f"{site}/me/loans/")
    titles = page.locator("main .title").all_inner_texts()
    assert Loan.objects.filter(patron__cards__number="D0000006").count() == 5
    assert not page.locator("[data-kept]").is_visible()
    wait_until_kept(page, "/me/loans/")
    context.set_offline(True)
    page.goto(f"{site}/me/loans/")
    assert page.locator("main .title").all_inner_texts() == titles
    said = page.locator("[data-kept]").inner_text()
    assert "No connection" in said
    moment = page.locator("[data-kept] time").get_attribute("datetime") or ""
    assert abs(clock.now() - datetime.fromisoformat(moment)) < timedelta(minutes=2)
    covers = page.locator("main img.cover")
    assert covers.count() >= 5
    covers.first.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('main img.cover').naturalWidth > 0")


def test_a_lost_network_is_said_on_an_open_page_and_taken_back(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, f"{site}/me/loans/")
    context.set_offline(True)
    page.locator("[data-kept]").wait_for(state="visible")
    context.set_offline(False)
    page.locator("[data-kept]").wait_for(state="hidden")


def test_a_network_that_does_not_answer_is_not_waited_for(
    phone: Phone, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(phone(READER), f"{site}/me/card/")
    wait_until_kept(page, "/me/card/")

    def slow(text: str) -> Drawing:
        time.sleep(8)
        return qr_code(text)

    monkeypatch.setattr("shufang.web.reader.card.qr_code", slow)
    began = time.monotonic()
    page.goto(f"{site}/me/card/", wait_until="domcontentloaded")
    assert 3 <= time.monotonic() - began < 6
    assert page.locator("[data-kept]").is_visible()
    assert accepted(shown_code(page)) == READER


def test_other_pages_say_that_there_is_no_network_in_the_readers_language(phone: Phone, site: str) -> None:
    for language, words in (("en", "What works without"), ("zh-CN", "没有网络也能用")):
        context = phone(READER, language)
        page = opened(context, site)
        wait_until_kept(page, "/me/card/")
        context.set_offline(True)
        page.goto(f"{site}/search/?q=x")
        assert words in page.locator("main").inner_text()
        assert page.get_attribute("html", "lang") == language
        page.locator('main a[href="/me/card/"]').click()
        page.locator("[data-code]").wait_for()


def test_only_the_readers_pages_and_what_they_are_made_of_are_kept(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, site)
    wait_until_kept(page, "/me/card/", "/me/loans/", "/")
    for path in ("/search/?q=a", "/kiosk/", "/admin/login/", "/me/devices/", "/more/", "/here/"):
        page.goto(site + path)
    page.goto(f"{site}/here/")
    page.fill("[name=code]", "12345678")
    page.get_by_role("button", name="I am here").click()
    page.wait_for_load_state()
    (mine,) = personal(page).values()
    pages = {kept for kept in mine if "/covers/" not in kept}
    assert pages == {"GET /me/card/", "GET /me/loans/", "GET /"}
    (shell,) = (kept for name, kept in caches(page).items() if name.startswith("shell-"))
    others = {kept for kept in shell if not kept.startswith("GET /static/")}
    assert others == {"GET /offline/en/", "GET /offline/zh-hans/", "GET /.language"}


# Scenario 40
def test_signing_out_leaves_nothing_of_the_reader(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, f"{site}/me/card/")
    wait_until_kept(page, "/me/card/", "/me/loans/")
    eventually(page, KEYS, 1)
    page.goto(f"{site}/more/")
    page.locator('form[action="/sign-out/"] button').click()
    page.wait_for_url(f"{site}/")
    wait_until_nothing_personal(page)
    eventually(page, KEYS, 0)
    context.set_offline(True)
    for path in ("/me/card/", "/me/loans/", "/"):
        page.goto(site + path)
        assert "李文静" not in page.content()
        assert "What works without" in page.locator("main").inner_text()


def test_signing_out_without_a_network_empties_the_phone_all_the_same(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, f"{site}/more/")
    wait_until_kept(page, "/me/card/")
    context.set_offline(True)
    page.locator('form[action="/sign-out/"] button').click()
    page.get_by_text("What works without").wait_for()
    page.goto(f"{site}/me/card/")
    assert "李文静" not in page.content()


# Scenario 40
def test_another_reader_on_the_same_phone_finds_only_his_own(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, f"{site}/me/card/")
    wait_until_kept(page, "/me/card/")
    (before,) = personal(page)
    token = sessions.start(Patron.objects.get(cards__number=OTHER), clock.now(), is_own_device=True)
    context.add_cookies([{"name": "shufang_reader", "value": token, "url": site}])
    page.goto(f"{site}/me/loans/")
    wait_until_kept(page, "/me/card/", "/me/loans/")
    (after,) = personal(page)
    assert after != before
    eventually(page, KEYS, 1)
    context.set_offline(True)
    page.goto(f"{site}/me/card/")
    assert page.locator("h1").inner_text() == "王小红"
    assert accepted(shown_code(page)) == OTHER


def test_a_session_ended_elsewhere_empties_the_phone_when_it_hears_of_it(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, f"{site}/me/card/")
    wait_until_kept(page, "/me/card/")
    sessions.end_all(Patron.objects.get(cards__number=READER).pk)
    page.reload()
    page.wait_for_url("**/sign-in/**")
    wait_until_nothing_personal(page)


def test_a_card_reported_lost_shows_no_code_once_the_phone_is_online(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, f"{site}/me/card/")
    wait_until_kept(page, "/me/card/")
    Card.objects.filter(number=READER).update(status=Card.Status.LOST)
    assert accepted(shown_code(page)) == "card_lost"
    page.reload()
    page.locator(".card-stopped").wait_for()
    assert page.locator("[data-code]").count() == 0


def test_a_device_of_others_keeps_nothing_and_shows_codes_all_the_same(phone: Phone, site: str) -> None:
    context = phone()
    token = sessions.start(Patron.objects.get(cards__number=READER), clock.now(), is_own_device=False)
    context.add_cookies([{"name": "shufang_reader", "value": token, "url": site}])
    context.clock.install(time=clock.now().timestamp())
    page = opened(context, f"{site}/me/card/")
    first = shown_code(page)
    assert accepted(first) == READER
    context.set_offline(True)
    context.clock.run_for(35_000)
    page.locator("[data-veiled]").wait_for(state="visible")
    assert page.locator("[data-code] path").get_attribute("d") == ""
    context.set_offline(False)
    page.reload()
    assert personal(page) == {}
    assert page.evaluate(KEYS) == 0


def test_a_phone_with_a_wrong_clock_is_told_so(phone: Phone, site: str) -> None:
    for minutes, said in ((5, "5 min ahead"), (-3, "3 min behind")):
        context = phone(READER)
        context.clock.install(time=clock.now().timestamp() + 60 * minutes)
        page = opened(context, f"{site}/me/card/")
        page.get_by_text(said).wait_for()
        assert accepted(shown_code(page)) in {"phone_clock_ahead", "phone_code_old"}
    context = phone(READER)
    context.clock.install(time=clock.now().timestamp() + 20)
    page = opened(context, f"{site}/me/card/")
    eventually(page, KEYS, 1)
    assert page.locator("[data-clock]:visible").count() == 0
    assert accepted(shown_code(page)) == READER


def test_a_new_version_takes_over_and_the_old_copies_go(
    phone: Phone, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = phone(READER)
    page = opened(context, site)
    wait_until_kept(page, "/me/card/", "/me/loans/")
    old = next(name for name in caches(page) if name.startswith("shell-"))
    monkeypatch.setattr(service_worker, "version", lambda: "newer")
    page.evaluate("async () => (await navigator.serviceWorker.ready).update()")
    eventually(page, "async (name) => (await caches.keys()).includes(name)", expected=False, argument=old)
    assert "shell-newer" in caches(page)
    context.set_offline(True)
    page.goto(f"{site}/me/card/")
    assert page.locator("h1").inner_text() == "李文静"
    assert shown_code(page)


def test_without_javascript_the_card_shows_a_code_and_leads_to_the_next(phone: Phone, site: str) -> None:
    page = opened(phone(READER, javascript=False), f"{site}/me/card/")
    assert accepted(shown_code(page)) == READER
    page.get_by_role("link", name="Show the next code").click()
    assert page.url == f"{site}/me/card/"


def test_a_new_card_takes_the_place_of_the_replaced_one(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, f"{site}/me/card/")
    eventually(page, KEYS, 1)
    old = Card.objects.get(number=READER)
    Card.objects.filter(pk=old.pk).update(status=Card.Status.REPLACED)
    Card.objects.create(
        number="D0000902",
        patron=old.patron,
        kind=old.kind,
        library=old.library,
        status=Card.Status.ACTIVE,
        issued_at=clock.now(),
        status_since=clock.now(),
        replaces=old,
    )
    with page.expect_response("**/me/card/secret/"):
        page.reload()
    page.locator(".card-number", has_text="D0000902").wait_for()
    until = time.monotonic() + 10
    while (found := accepted(shown_code(page))) != "D0000902":
        assert time.monotonic() < until, found
        time.sleep(0.1)


def test_a_kept_card_without_its_key_shows_no_code_that_has_run_out(phone: Phone, site: str) -> None:
    context = phone(READER)
    page = opened(context, site)
    wait_until_kept(page, "/me/card/")
    eventually(page, KEYS, 1)
    page.evaluate("() => indexedDB.deleteDatabase('shufang-reader')")
    context.set_offline(True)
    page.goto(f"{site}/me/card/")
    page.locator("[data-veiled]").wait_for(state="visible")
    assert page.locator("[data-code] path").get_attribute("d") == ""
