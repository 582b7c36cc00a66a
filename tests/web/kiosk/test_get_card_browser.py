"""Getting a card at the kiosk in a real browser, with the simulated station beside it: newcomer, minor, no blanks, twice."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from shufang.branches.models import Device, DeviceSession
from shufang.circulation.models import Loan
from shufang.demo.cast import PIN as CAST_PIN
from shufang.patrons.models import Card, Guardianship, Patron
from shufang.registration.card_station.simulator import StationSimulator
from shufang.registration.models import Application, CardStation
from tests.web.kiosk.at_the_screen import LANDSCAPE, PORTRAIT, Screen
from tests.web.kiosk.conftest import ACCOUNT
from tests.web.kiosk.the_line import Line

pytestmark = pytest.mark.django_db(transaction=True)
PIN = "246813"
NewScreen = Callable[..., Screen]
EVERYTHING = """async () => {
  const found = [document.documentElement.outerHTML, location.href, document.cookie, JSON.stringify(history.state)];
  for (const storage of [localStorage, sessionStorage]) found.push(JSON.stringify({...storage}));
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const request of await store.keys()) found.push(request.url, await (await store.match(request)).text());
  }
  return found.join("\\n");
}"""
"""All that the page and the browser's stores hold."""


@pytest.fixture
def station() -> Iterator[StationSimulator]:
    running = StationSimulator(blanks=5)
    running.start()
    yield running
    running.stop()


class Visit:
    """A person at the kiosk, with fingers and documents."""

    def __init__(self, screen: Screen, station: StationSimulator, line: Line) -> None:
        self.screen = screen
        self.page: Page = screen.page
        self.station = station
        self.address = f"{line.address}/kiosk/card/"

    def opens(self) -> "Visit":
        self.page.goto(self.address)
        return self.sees("main.laying")

    def sees(self, selector: str) -> "Visit":
        self.screen.sees(selector)
        self.page.locator("main[data-ready]").wait_for()
        return self

    def tap(self, selector: str) -> "Visit":
        self.screen.tap(selector)
        return self

    def lays(self, name: str) -> "Visit":
        """Lay a document down once the reader wants one."""
        for _ in range(100):
            if self.station.station.is_reading:
                break
            self.page.wait_for_timeout(50)
        self.station.lay(name)
        return self

    def agrees(self) -> "Visit":
        self.sees("[name=terms]")
        for box in self.page.locator(".option label").all():
            box.tap()
        return self.tap("button[type=submit]")

    def types(self, selector: str, digits: str) -> "Visit":
        """Type on the screen's keypad."""
        self.page.locator(selector).tap()
        for digit in digits:
            self.tap(f'[data-key="{digit}"]')
        return self

    def chooses_pin(self) -> "Visit":
        """Type it twice; the full field leads on to the next."""
        self.sees("#again").types("#pin", PIN).page.locator("#again:focus").wait_for()
        for digit in PIN:
            self.tap(f'[data-key="{digit}"]')
        return self.tap("[data-submit]")

    def skips_contact(self) -> "Visit":
        return self.sees("#phone").tap("[name=skip]")

    def is_told(self, words: str) -> "Visit":
        """Wait until the slip on the page says something."""
        self.page.locator(".slip:not([hidden])", has_text=words).wait_for(timeout=15_000)
        return self


@pytest.fixture
def visit(screen: NewScreen, station: StationSimulator, line: Line, settings: Settings) -> Callable[..., Visit]:
    settings.SHUFANG_PAYMENT_PROVIDER = "simulator"
    CardStation.objects.create(device=Device.objects.get(account=ACCOUNT), agent=station.address)

    def arrived(size: tuple[int, int] = PORTRAIT) -> Visit:
        return Visit(screen(size, touch=True), station, line)

    return arrived


NewVisit = Callable[..., Visit]


# Scenario 46
def test_a_newcomer_gets_a_card_and_borrows_at_once(visit: NewVisit, station: StationSimulator) -> None:
    lin = visit()
    lin.screen.open()
    lin.tap("[data-go=who]").tap("a[href='/kiosk/card/']").sees("main.laying").lays("lin").agrees()
    lin.sees("[data-print-choice]:not(:disabled)").tap("button[type=submit]").skips_contact().chooses_pin()
    lin.sees("main.finished")
    lin.is_told("卡打好了")
    assert station.station.printed == ["D5000001"]
    lin.tap("[data-borrow]")
    lin.screen.sees("main.lay")
    lin.screen.scan("DX00000001").books(1)
    assert Loan.objects.filter(patron__cards__number="D5000001").count() == 1
    lin.tap("[data-done]").screen.sees("main.finished")
    lin.tap("[data-leave]").screen.sees("main.idle")
    assert lin.screen.complaints == []
    told = lin.page.evaluate(EVERYTHING)
    for secret in ("D5000001", "林晓", PIN, "110115"):
        assert secret not in told, secret
    assert not Application.objects.exists()


def test_a_minor_with_an_adult_who_types_card_and_pin(visit: NewVisit) -> None:
    boy = visit()
    boy.opens().lays("boy").sees("a[href='?relation=mother']").tap("a[href='?relation=mother']").sees("#card")
    boy.page.locator("#card").fill("D0000001")
    boy.types("#pin", CAST_PIN).tap("[data-submit]")
    boy.agrees().sees("[name=offer]")
    boy.page.get_by_text("少儿卡").tap()
    boy.tap("button[type=submit]").skips_contact().chooses_pin().sees("main.finished")
    assert Guardianship.objects.get(minor__name="林小满").guardian.name == "王小红"
    assert Card.objects.get(patron__name="林小满").kind.code == "child"


def test_a_minor_with_an_adult_who_lays_her_document(visit: NewVisit) -> None:
    boy = visit()
    boy.opens().lays("boy").tap("a[href='?relation=mother']").sees("#card").lays("mother").sees("[name=terms]")
    assert Application.objects.get().guardian_document is not None


# Scenario 50
def test_out_of_blanks_it_says_so_and_offers_the_card_on_the_phone(visit: NewVisit, station: StationSimulator) -> None:
    lin = visit()
    station.stock(0)
    lin.opens().lays("lin").agrees().sees("[data-phone-choice]:checked + span")
    lin.is_told("空白卡用完了")
    assert lin.page.locator("[data-print-choice]").is_disabled()
    station.stock(1)
    lin.page.locator("[data-print-choice]:not(:disabled)").wait_for(state="attached")
    lin.tap("button[type=submit]").skips_contact().sees("#again")
    station.stock(0)  # somebody else took the last one
    lin.chooses_pin().sees("main.finished")
    lin.is_told("放进手机一样用")
    assert station.station.printed == []
    lin.tap("[data-leave]").screen.sees("main.idle")
    station.stock(5)
    lin.opens().lays("lin").sees("main.finished")
    lin.is_told("卡打好了")
    assert station.station.printed == ["D5000001"]


def test_a_reload_prints_no_second_card(visit: NewVisit, station: StationSimulator) -> None:
    lin = visit()
    lin.opens().lays("lin").agrees().sees("[data-print-choice]:not(:disabled)").tap("button[type=submit]")
    lin.skips_contact().chooses_pin().sees("main.finished")
    lin.tap("[data-language]").sees("main.finished")
    lin.page.get_by_text("Your card is good from now on").wait_for()
    lin.page.wait_for_timeout(500)
    assert station.station.printed == ["D5000001"]


def test_one_person_twice(visit: NewVisit) -> None:
    lin = visit()
    lin.opens().lays("lin").agrees().sees("[name=offer]").tap("button[type=submit]").skips_contact().chooses_pin()
    lin.sees("main.finished").tap("[data-leave]").screen.sees("main.idle")
    lin.opens().lays("lin").sees("[data-opens=lost]")
    assert "你已经有一张卡" in lin.screen.words()
    assert "D5000001" not in lin.screen.words()
    lin.tap("[data-opens=lost]").tap('[data-replace=""]').sees("main.finished")
    assert "D5000002" in lin.screen.words()
    assert list(Card.objects.filter(patron__name="林晓").order_by("id").values_list("status", flat=True)) == [
        "replaced",
        "active",
    ]


def test_a_deposit_is_paid_on_a_phone(visit: NewVisit) -> None:
    lin = visit()
    lin.opens().lays("lin").agrees().sees("[name=offer]")
    lin.page.get_by_text("C 类借书卡").tap()
    lin.tap("button[type=submit]").sees("#phone").types("#phone", "13800000000").tap("[data-submit]").chooses_pin()
    lin.sees(".pay-code")
    phone = lin.page.context.browser
    assert phone is not None
    context = phone.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(Card.objects.get(patron__name="林晓").online_payments.get().address)
    page.locator("button[value=pay]").click()
    page.get_by_role("heading", name="看机器那边").wait_for()
    context.close()
    lin.sees("main.finished")
    assert Card.objects.get(patron__name="林晓").status == Card.Status.ACTIVE


def test_a_document_that_cannot_be_read_and_a_reader_that_is_silent(visit: NewVisit, station: StationSimulator) -> None:
    lin = visit()
    lin.opens().lays("nothing")
    lin.is_told("证件没读清楚").lays("forged").is_told("号码不对")
    station.stop()
    lin.is_told("没有反应")


def test_who_walks_off_leaves_nothing_behind(visit: NewVisit) -> None:
    lin = visit()
    lin.opens().lays("lin").agrees().sees("[name=offer]").tap("button[type=submit]").skips_contact().sees("#again")
    lin.page.clock.install()
    lin.page.goto(lin.address)
    lin.sees("#again")
    lin.page.clock.run_for(31_000)
    lin.page.locator("[data-countdown]:not([hidden])").wait_for()
    lin.page.clock.run_for(16_000)
    lin.page.locator("main.idle").wait_for(timeout=15_000)
    for _ in range(50):
        if not Application.objects.exists():
            break
        lin.page.wait_for_timeout(100)
    assert not Application.objects.exists()
    assert not Patron.objects.filter(name="林晓").exists()
    assert not DeviceSession.objects.exclude(visit_hash=b"").exists()
    lin.page.go_back()
    lin.page.wait_for_load_state()
    assert "密码" not in lin.page.locator("main").inner_text()
    assert "林晓" not in lin.page.evaluate(EVERYTHING)


def test_when_the_line_goes_in_the_middle_the_kiosk_begins_anew(visit: NewVisit) -> None:
    lin = visit()
    lin.screen.open().kept()
    lin.opens().lays("lin").agrees().sees("[name=offer]").tap("button[type=submit]").skips_contact().sees("#again")
    lin.screen.line.cut()
    lin.chooses_pin().screen.sees("main.idle")
    lin.tap("[data-go=who]").screen.sees("[data-line]:not([hidden])")
    assert not Patron.objects.filter(name="林晓").exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("hour", "size"),
    [(12, PORTRAIT), (22, PORTRAIT), (12, LANDSCAPE)],
    ids=["day", "night", "wide"],
)
def test_every_page_is_for_everyone(visit: NewVisit, hour: int, language: str, size: tuple[int, int]) -> None:
    lin = visit(size)
    lin.page.clock.set_fixed_time(datetime(2026, 11, 22, hour, 0, tzinfo=ZoneInfo("Asia/Shanghai")))
    look = {"name": "shufang_kiosk_look", "value": language, "url": lin.address.removesuffix("card/")}

    def seen(name: str) -> None:
        lin.page.wait_for_timeout(350)  # buttons change their colour slowly
        assert lin.screen.violations() == [], name
        assert not cut_off(lin.page), name
        assert lin.screen.smallest_text() >= 24, name

    lin.page.context.add_cookies([look])  # type: ignore[list-item]  # a cookie as Playwright wants it
    lin.opens()
    seen("document")
    lin.lays("boy")
    lin.sees("a[href='?relation=mother']")
    seen("relation")
    lin.tap("a[href='?relation=mother']").sees("#card")
    seen("guardian")
    lin.lays("mother")
    lin.sees("[name=terms]")
    seen("terms")
    lin.tap("summary")
    seen("a text, opened")
    lin.tap("summary")
    lin.agrees()
    lin.sees("[name=offer]")
    seen("kind")
    lin.tap("button[type=submit]")
    lin.sees("#phone")
    seen("contact")
    lin.tap("a[href='?by=email']").sees("#email")
    seen("e-mail")
    lin.tap("[name=skip]").sees("#again").types("#pin", "111111").types("#again", "111111").tap("[data-submit]")
    lin.page.locator(".slip:not([hidden])").wait_for()
    lin.sees("#again")
    seen("pin")
    lin.chooses_pin()
    lin.sees("main.finished")
    seen("done")
    lin.tap("[data-leave]").screen.sees("main.idle")
    lin.page.context.add_cookies([look])  # type: ignore[list-item]
    lin.opens().lays("boy")
    lin.sees("[data-opens=lost]")
    seen("known")
    lin.tap("[data-opens=lost]")
    seen("lost")
    lin.tap("[data-closes]").tap("a[href='?show=phone']").sees(".pay-code")
    seen("the card for the phone")
    lin.page.locator("main [data-leave]").tap()
    lin.screen.sees("main.idle")
    lin.page.context.add_cookies([look])  # type: ignore[list-item]
    lin.opens().lays("he").agrees().sees("[name=offer]")
    lin.page.locator(".option label").nth(1).tap()
    lin.tap("button[type=submit]").sees("#phone").types("#phone", "13800000000").tap("[data-submit]").chooses_pin()
    lin.sees(".pay-code")
    seen("deposit")
    assert lin.screen.complaints == []


def cut_off(page: Page) -> bool:
    """Say whether something stands beyond the glass; what scrolls may."""
    return bool(
        page.evaluate(
            "() => { const foot = document.querySelector('.aids').getBoundingClientRect();"
            " return document.documentElement.scrollWidth > innerWidth || foot.bottom > innerHeight + 1"
            " || [...document.querySelectorAll('main :is(h1, p, button, .button, input, svg)')].some(part => {"
            "   const box = part.getBoundingClientRect();"
            "   return part.checkVisibility() && !part.closest('.card-options') && box.width > 2"
            "     && (box.right > innerWidth + 1 || box.left < -1 || box.bottom > foot.top + 1); }); }"
        )
    )
