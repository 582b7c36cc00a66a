"""The pages in a real browser: accessible (axe-core), nothing cut off, by keyboard, without JavaScript."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from shufang.catalogue.models import Item

AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE = (390, 844)
LAPTOP = (1280, 800)

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.django_db(transaction=True),
]


def paths() -> dict[str, str]:
    title = Item.objects.get(barcode="DX00000001").title_id
    return {
        "home": "/",
        "results": "/search/?q=zhongguo",
        "everything": "/search/",
        "nothing": "/search/?q=qqqqxx",
        "title": f"/titles/{title}/",
        "marc": f"/titles/{title}/marc/",
        "health": "/health/",
    }


def opened(
    browser: Browser, language: str, scheme: str, size: tuple[int, int], *, javascript: bool = True
) -> tuple[Page, list[str]]:
    """Return a page of its own context, and the list of what its console complains about."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "night" else "light",
        locale=language,
        java_script_enabled=javascript,
    )
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def violations(page: Page) -> list[str]:
    """Run axe-core with the rules of WCAG 2.2 AA; return what it finds. The script is put in past the CSP."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = page.evaluate(
        "async () => JSON.stringify((await axe.run({runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa',"
        "'best-practice']})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))"
    )
    found: list[str] = json.loads(told)
    return found


def cut_off(page: Page) -> bool:
    """Return whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


# Scenario 37
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("scheme", "size"), [("day", PHONE), ("night", PHONE), ("day", LAPTOP), ("night", LAPTOP)])
def test_every_page_is_for_everyone(
    browser: Browser, site: str, language: str, scheme: str, size: tuple[int, int]
) -> None:
    page, complaints = opened(browser, language, scheme, size)
    for name, path in paths().items():
        page.goto(site + path)
        assert page.get_attribute("html", "lang") == language, name
        assert violations(page) == [], name
        assert not cut_off(page), name
    assert complaints == []
    page.context.close()


# Scenario 37
def test_nothing_is_lost_at_twice_the_text(browser: Browser, site: str) -> None:
    page, _ = opened(browser, "zh-CN", "day", PHONE)
    for name, path in paths().items():
        page.goto(site + path)
        page.evaluate(
            "() => { const s = new CSSStyleSheet(); s.replaceSync(':root { font-size: 200% }');"
            "document.adoptedStyleSheets = [s]; }"
        )
        assert not cut_off(page), name
    page.context.close()


# Scenario 37
def test_by_keyboard_from_a_word_to_a_book(browser: Browser, site: str) -> None:
    title = Item.objects.get(barcode="DX00000001").title
    page, _ = opened(browser, "zh-CN", "day", LAPTOP)
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _step in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type(title.title)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    hit = page.locator(f'a.result[href="/titles/{title.pk}/"]')
    hit.focus()
    outline = hit.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/titles/{title.pk}/")
    page.context.close()


def test_titles_are_suggested_while_typing(browser: Browser, site: str) -> None:
    title = Item.objects.get(barcode="DX00000001").title.title
    page, complaints = opened(browser, "zh-CN", "day", PHONE)
    page.goto(site)
    page.locator("#q").press_sequentially(title[:3], delay=30)
    first = page.locator("#suggestions a").first
    first.wait_for()
    assert title[:2] in first.inner_text()
    first.click()
    page.wait_for_url("**/search/?q=*")
    assert complaints == []
    page.context.close()


# Scenario 37
def test_everything_works_without_javascript(browser: Browser, site: str) -> None:
    title = Item.objects.get(barcode="DX00000001").title
    page, _ = opened(browser, "zh-CN", "day", PHONE, javascript=False)
    page.goto(site)
    page.locator("#q").fill(title.title)
    page.locator('form[role="search"] button').click()
    page.locator("a.result").first.click()
    assert page.locator("h1").inner_text()
    page.get_by_role("button", name="English").click()
    assert page.get_attribute("html", "lang") == "en"
    page.context.close()


def test_nothing_moves_for_those_who_do_not_want_it(browser: Browser, site: str) -> None:
    page, _ = opened(browser, "zh-CN", "day", PHONE)
    page.emulate_media(reduced_motion="reduce")
    page.goto(site)
    assert page.evaluate("getComputedStyle(document.querySelector('a')).transitionDuration") == "0s"
    page.context.close()
