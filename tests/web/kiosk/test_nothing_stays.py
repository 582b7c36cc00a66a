"""A shared screen forgets: back button, timer and the second person find nothing personal. In a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from shufang.branches.models import DeviceSession
from shufang.catalogue.models import Item
from shufang.circulation.models import Loan
from shufang.demo.cast import PIN
from shufang.patrons.models import Patron
from tests.web.kiosk.at_the_screen import Screen

pytestmark = pytest.mark.django_db(transaction=True)

GOOD, HAS_ONE = "D0000001", "D0000002"
BOOK = "DX00000001"
NewScreen = Callable[..., Screen]

EVERYTHING = """async () => {
  const found = [document.documentElement.outerHTML, location.href, document.title, document.cookie, JSON.stringify(history.state)];
  for (const storage of [localStorage, sessionStorage]) found.push(JSON.stringify({...storage}));
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const request of await store.keys()) found.push(request.url, await (await store.match(request)).text());
  }
  for (const {name} of await indexedDB.databases()) {
    const database = await new Promise(done => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    for (const store of database.objectStoreNames) {
      if (store === "known") continue;
      const rows = database.transaction(store).objectStore(store);
      const all = await new Promise(done => { const r = rows.getAll(); r.onsuccess = () => done(r.result); });
      found.push(JSON.stringify(all));
    }
    database.close();
  }
  return found.join("\\n");
}"""
"""All that the page, its history and the browser's stores hold; but what the kiosk knows of cards at large, which names none."""


def personal(card: str = GOOD) -> list[str]:
    """Return what may be found nowhere: number, its tail as it is shown, PIN, name, and the title that was borrowed."""
    reader = Patron.objects.get(cards__number=card)
    return [card, f"尾数{card[-4:]}", f"…{card[-4:]}", PIN, reader.name, "借好了，", "借讫</span>"]


def finds_nothing(page: Page, card: str = GOOD) -> None:
    told = page.evaluate(EVERYTHING)
    screen = page.locator("[data-stage]").inner_text()
    for secret in personal(card)[:5]:
        assert secret not in told, secret
    assert Item.objects.get(barcode=BOOK).title.title not in screen.replace("此刻在架", "") or "《" in screen


def borrow(kiosk: Screen) -> Screen:
    kiosk.scan(GOOD).sees("main.lay").scan(BOOK)
    kiosk.books(1)
    kiosk.page.locator("[data-done]").click()
    return kiosk.sees("main.finished")


def visits() -> int:
    return DeviceSession.objects.exclude(visit_hash=b"").count()


def wait_for_no_visit(page: Page) -> None:
    for _ in range(40):
        if not visits():
            return
        page.wait_for_timeout(100)
    raise AssertionError("the visit still stands on the server")


def test_after_leaving_nothing_is_found_anywhere(screen: NewScreen) -> None:
    kiosk = borrow(screen().open().kept())
    assert visits() == 1
    kiosk.page.locator("[data-leave]").click()
    kiosk.sees("main.idle")
    finds_nothing(kiosk.page)
    wait_for_no_visit(kiosk.page)
    assert kiosk.page.evaluate("history.length") <= 2


def test_the_search_finds_it_before(screen: NewScreen) -> None:
    """The test above can fail: the same search finds the card's tail while its reader stands there."""
    kiosk = screen().open().scan(GOOD).sees("main.lay")
    assert f"尾数{GOOD[-4:]}" in kiosk.page.evaluate(EVERYTHING)


@pytest.mark.parametrize("way", ["main.lay", "main.finished", "glance"])
def test_the_back_button_leads_to_nobody(screen: NewScreen, way: str) -> None:
    kiosk = screen().open().kept()
    kiosk.page.goto(f"{kiosk.line.address}/health/")
    kiosk.open().scan(HAS_ONE).sees("main.lay")
    if way == "glance":
        kiosk.page.locator("[data-go=glance]").click()
        kiosk.sees(".glance .laid")
    if way == "main.finished":
        kiosk.scan(BOOK).books(1)
        kiosk.page.locator("[data-done]").click()
        kiosk.sees("main.finished")
    for _ in range(3):
        kiosk.page.go_back()
    finds_nothing_of_health(kiosk, HAS_ONE)
    for _ in range(3):
        kiosk.page.go_forward()
    kiosk.sees("main.idle")
    finds_nothing(kiosk.page, HAS_ONE)


def finds_nothing_of_health(kiosk: Screen, card: str) -> None:
    text = kiosk.page.content()
    assert card[-4:] not in text
    assert Patron.objects.get(cards__number=card).name not in text


def test_leaving_by_the_back_button_after_the_end(screen: NewScreen) -> None:
    kiosk = borrow(screen().open())
    kiosk.page.locator("[data-leave]").click()
    kiosk.sees("main.idle")
    kiosk.page.go_back()
    kiosk.page.go_forward()
    kiosk.sees("main.idle")
    finds_nothing(kiosk.page)


def test_thirty_seconds_of_silence_then_fifteen_in_sight_then_nothing(screen: NewScreen) -> None:
    kiosk = screen().stop_the_clock().open().scan(GOOD).sees("main.lay").scan(BOOK)
    kiosk.books(1)
    slip = kiosk.page.locator("[data-countdown]")
    kiosk.wait(29)
    assert not slip.is_visible()
    kiosk.wait(2)
    assert slip.is_visible()
    assert "14" in slip.inner_text() or "15" in slip.inner_text()
    kiosk.wait(12)
    assert kiosk.page.locator("main.lay").is_visible()
    kiosk.wait(3)
    kiosk.sees("main.idle")
    finds_nothing(kiosk.page)
    wait_for_no_visit(kiosk.page)


@pytest.mark.parametrize("stir", ["touch", "stay", "key", "scan"])
def test_whoever_stirs_stays(screen: NewScreen, stir: str) -> None:
    kiosk = screen().stop_the_clock().open().scan(GOOD).sees("main.lay")
    kiosk.wait(40)
    kiosk.sees("[data-countdown]")
    match stir:
        case "touch":
            kiosk.page.mouse.click(500, 300)
        case "stay":
            kiosk.page.locator("[data-stay]").click()
        case "key":
            kiosk.page.keyboard.press("Tab")
        case "scan":
            kiosk.scan(BOOK)
    kiosk.wait(0.4)
    assert not kiosk.page.locator("[data-countdown]").is_visible()
    kiosk.wait(29)
    assert kiosk.page.locator("main.lay").is_visible()
    assert not kiosk.page.locator("[data-countdown]").is_visible()
    kiosk.wait(17)
    kiosk.sees("main.idle")


def test_clearing_at_once_from_the_countdown(screen: NewScreen) -> None:
    kiosk = screen().stop_the_clock().open().scan(GOOD).sees("main.lay")
    kiosk.wait(35)
    kiosk.page.locator("[data-clear]").click()
    kiosk.sees("main.idle")
    wait_for_no_visit(kiosk.page)


def test_a_timer_never_outlives_its_session(screen: NewScreen) -> None:
    kiosk = screen().stop_the_clock().open().scan(GOOD).sees("main.lay")
    kiosk.wait(28)  # the first one's timer would end it 17 seconds from now
    kiosk.page.locator("[data-done]").click()
    kiosk.sees("main.idle").scan(HAS_ONE).sees("main.lay")
    kiosk.wait(25)
    assert kiosk.page.locator("main.lay").is_visible()
    assert not kiosk.page.locator("[data-countdown]").is_visible()
    assert f"尾数{HAS_ONE[-4:]}" in kiosk.words()
    kiosk.scan("DX00000201")
    assert "这本已经在你手里" in kiosk.books(1)[0]


def test_the_second_person_sees_his_own_and_nothing_of_the_first(screen: NewScreen) -> None:
    kiosk = borrow(screen().open())
    kiosk.page.locator("[data-leave]").click()
    kiosk.sees("main.idle").scan(HAS_ONE).sees("main.lay")
    kiosk.page.locator("[data-go=glance]").click()
    kiosk.sees(".glance .laid")
    borrowed = Loan.objects.get(item__barcode=BOOK, status="open").item.title.title
    assert borrowed not in kiosk.words()
    assert GOOD[-4:] not in kiosk.words()


def test_half_a_number_that_was_typed_goes_too(screen: NewScreen) -> None:
    kiosk = screen().stop_the_clock().open()
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=number]").click()
    kiosk.page.locator("#card").fill(GOOD)
    kiosk.page.locator("#pin").fill(PIN)
    kiosk.wait(46)
    kiosk.sees("main.idle")
    finds_nothing(kiosk.page)
    kiosk.page.locator(".begin").click()
    kiosk.page.locator("[data-go=number]").click()
    assert kiosk.page.locator("#card").input_value() == ""


def test_the_last_screen_goes_by_itself(screen: NewScreen) -> None:
    kiosk = screen().stop_the_clock().open().scan(GOOD).sees("main.lay").scan(BOOK)
    kiosk.books(1)
    kiosk.page.locator("[data-done]").click()
    kiosk.sees("main.finished")
    kiosk.wait(10)
    assert kiosk.page.locator("main.finished").is_visible()
    kiosk.wait(6)
    kiosk.sees("main.idle")


def test_a_visit_that_ended_on_the_server_clears_the_screen(screen: NewScreen) -> None:
    kiosk = screen().open().scan(GOOD).sees("main.lay")
    DeviceSession.objects.update(visit_hash=b"", visit_until=None)
    kiosk.scan(BOOK).sees("main.idle")
    assert not Loan.objects.filter(item__barcode=BOOK, status="open").exists()
    finds_nothing(kiosk.page)


def test_a_kiosk_that_is_signed_out_shows_nothing_more(screen: NewScreen) -> None:
    kiosk = screen().open().kept().scan(GOOD).sees("main.lay")
    DeviceSession.objects.all().delete()
    kiosk.scan(BOOK)
    kiosk.page.wait_for_url("**/kiosk/sign-in/")
    assert GOOD[-4:] not in kiosk.page.content()
    kiosk.page.go_back()
    kiosk.page.wait_for_timeout(1000)
    assert GOOD[-4:] not in kiosk.page.content()
