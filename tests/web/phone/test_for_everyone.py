"""The phone's pages in a real browser are for everyone: axe-core, both languages, day and night, phone and laptop."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from shufang.branches.models import Branch, Device
from shufang.branches.presence import code_of
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.kernel import clock
from tests.web.phone.conftest import CHROMIUM

AXE = Path(__file__).parent.parent / "vendor" / "axe-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, LAPTOP = (390, 844), (1280, 800)

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.django_db(transaction=True),
]
Phone = Callable[..., BrowserContext]


def violations(page: Page) -> list[str]:
    """Return what axe-core finds. The script is put in past the content security policy."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told: str = page.evaluate(
        "async (rules) => JSON.stringify((await axe.run({ runOnly: rules })).violations"
        ".map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`))",
        RULES,
    )
    found: list[str] = json.loads(told)
    return found


def is_cut_off(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def free_books(count: int) -> list[str]:
    free = Item.objects.filter(
        current_branch__code="GMD", status=ItemStatus.AVAILABLE, is_for_loan=True, kind__is_for_loan=True
    ).exclude(title__holds__patron__isnull=False)
    return list(free.order_by("pk").values_list("barcode", flat=True)[:count])


@pytest.fixture
def kiosk(site: str) -> Device:
    """A kiosk at Gaomidian."""
    branch = Branch.objects.get(code="GMD")
    return Device.objects.create(account="a-kiosk", kind=Device.Kind.KIOSK, branch=branch, encoding="utf-8")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("scheme", "size"), [("day", PHONE), ("night", PHONE), ("day", LAPTOP), ("night", LAPTOP)])
def test_the_whole_way_is_for_everyone(
    phone: Phone, site: str, kiosk: Device, language: str, scheme: str, size: tuple[int, int]
) -> None:
    page = phone("D0000002", language, scheme, size).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def look(name: str) -> None:
        assert page.get_attribute("html", "lang") == language, name
        assert violations(page) == [], name
        assert not is_cut_off(page), name

    page.goto(f"{site}/me/card/")
    look("card")
    page.goto(f"{site}/here/")
    look("ask")
    page.goto(f"{site}/here/{code_of(kiosk.pk, clock.now()).code}/")
    look("here")
    for barcode in free_books(2):
        page.fill("[name=code]", barcode)
        page.locator("form[data-typed] button").click()
        expect(page.locator("[name=code]")).to_have_value("")
    assert page.locator("#borrowed li").count() == 2
    page.fill("[name=code]", "NOBOOK")
    page.locator("form[data-typed] button").click()
    page.locator("#borrowed [role=alert]").wait_for()
    look("borrowed")
    page.locator('#borrowed a[href="/here/done/"]').click()
    look("done")
    page.goto(f"{site}/offline/{'en' if language == 'en' else 'zh-hans'}/")
    look("offline")
    assert complaints == []


def test_nothing_is_lost_at_twice_the_text(phone: Phone, site: str, kiosk: Device) -> None:
    page = phone("D0000002", "zh-CN").new_page()
    for path in ("/me/card/", "/here/", f"/here/{code_of(kiosk.pk, clock.now()).code}/", "/offline/zh-hans/"):
        page.goto(site + path)
        page.evaluate(
            "() => { const s = new CSSStyleSheet(); s.replaceSync(':root { font-size: 200% }');"
            "document.adoptedStyleSheets = [s]; }"
        )
        assert not is_cut_off(page), path


def test_it_works_without_javascript(phone: Phone, site: str, kiosk: Device) -> None:
    page = phone("D0000002", javascript=False).new_page()
    page.goto(f"{site}/here/")
    page.fill("[name=code]", code_of(kiosk.pk, clock.now()).typed)
    page.get_by_role("button", name="I am here").click()
    (barcode,) = free_books(1)
    page.fill("[name=code]", barcode)
    page.get_by_role("button", name="Borrow", exact=True).click()
    assert "Borrowed. Return by" in page.locator("main").inner_text()
    page.get_by_role("link", name="Done, 1 book").click()
    assert "1 book borrowed" in page.locator("h1").inner_text()


def test_by_keyboard_from_the_bar_to_the_card_and_back(phone: Phone, site: str) -> None:
    page = phone("D0000002", size=LAPTOP).new_page()
    page.goto(site)
    card = page.locator('.parts a[href="/me/card/"]')
    card.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/card/")
    page.locator("[data-code]").wait_for()
