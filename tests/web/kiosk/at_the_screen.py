"""Hands at a kiosk's screen: a scanner, a keyboard, a finger; and eyes, and axe-core's."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Route, TimeoutError  # noqa: A004

from tests.web.kiosk.the_line import Line

AXE = Path(__file__).parent.parent / "vendor" / "axe-4.14.1.min.js"
PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)
TYPIST = 110
"""Milliseconds between two keys of somebody who types well."""


class Screen:
    """The screen of a kiosk that is signed in, and what lies before it."""

    def __init__(self, page: Page, line: Line) -> None:
        self.page = page
        self.line = line
        self.complaints: list[str] = []
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self) -> "Screen":
        """Open the kiosk's page."""
        self.page.goto(f"{self.line.address}/kiosk/")
        return self.sees("main.idle").sees(".letter > :nth-child(2)")

    def kept(self) -> "Screen":
        """Wait until the page could go on without the server."""
        self.page.locator("html[data-kept=yes]").wait_for(timeout=15_000)
        return self

    def scan(self, text: str) -> "Screen":
        """Hold something before the scanner: a sign every 10 ms, by the keys' own time, and Enter at the end."""
        keys = self.page.context.new_cdp_session(self.page)
        at = time.time()
        for place, sign in enumerate([*text, "\r"]):
            key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13} if sign == "\r" else {"key": sign}
            when = at + place / 100
            keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": sign, "timestamp": when, **key})
            keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": when, **key})
        keys.detach()
        return self

    def type(self, text: str) -> "Screen":
        """Type as a person does."""
        self.page.keyboard.type(text, delay=TYPIST)
        return self

    def tab_to(self, selector: str) -> "Screen":
        """Press Tab until something has the focus."""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return self
        raise AssertionError(f"{selector} is not reached by Tab")

    def press(self, selector: str) -> "Screen":
        """Reach something by Tab and press Enter."""
        self.tab_to(selector)
        self.page.wait_for_timeout(250)  # nobody is as fast as a scanner
        self.page.keyboard.press("Enter")
        return self

    def tap(self, selector: str) -> "Screen":
        """Touch something; it is large enough."""
        place = self.page.locator(selector).locator("visible=true").first
        box = place.bounding_box()
        assert box is not None, selector
        assert min(box["width"], box["height"]) >= 64, (selector, box)
        place.tap()
        return self

    def sees(self, selector: str) -> "Screen":
        """Wait until something is seen."""
        try:
            self.page.locator(selector).locator("visible=true").first.wait_for(timeout=10_000)
        except TimeoutError as error:
            raise AssertionError(f"{selector} is not seen on: {self.words()} {self.complaints}") from error
        return self

    def books(self, count: int) -> list[str]:
        """Wait until so many books lie in the pile and each has its answer; return what stands on them, newest first."""
        self.page.locator(f".pile:not(:has(.wait)) > .laid:nth-child({count}):last-child").wait_for(timeout=15_000)
        return self.page.locator(".pile .laid").all_inner_texts()

    def stop_the_clock(self) -> "Screen":
        """Let time pass from now on only when `wait` says so."""
        now = datetime.now(UTC)
        self.page.clock.install(time=now)
        self.page.clock.pause_at(now + timedelta(seconds=1))
        return self

    def wait(self, seconds: float) -> "Screen":
        """Let time pass, on a clock that was installed; what is under way with the server is not hurried."""
        for _ in range(round(seconds * 2)):
            self.page.clock.run_for(500)
            with suppress(Error):  # the page clears itself just then
                self.page.evaluate("fetch('/static/web/mark.svg').then(() => 0)")
        return self

    def words(self) -> str:
        """Return everything that stands on the screen."""
        return self.page.locator("body").inner_text()

    def violations(self) -> list[str]:
        """Run axe-core with the rules of WCAG 2.2 AA. The script is put in past the CSP."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        told = self.page.evaluate(
            "async () => JSON.stringify((await axe.run({runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa',"
            "'best-practice']})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))"
        )
        found: list[str] = json.loads(told)
        return found

    def is_cut_off(self) -> bool:
        """Say whether something stands beyond the glass, in either direction."""
        return bool(
            self.page.evaluate(
                "() => { const page = document.documentElement;"
                " const foot = document.querySelector('.aids').getBoundingClientRect();"
                " return page.scrollWidth > page.clientWidth || foot.bottom > innerHeight + 1"
                " || [...document.querySelectorAll('main :is(h1, p, button, .button, input)')].some(part => {"
                "   const box = part.getBoundingClientRect();"
                "   return part.checkVisibility() && !part.closest('.pile, .glance, .letter')"
                "     && (box.right > innerWidth + 1 || box.left < -1 || box.bottom > foot.top + 1); }); }"
            )
        )

    def smallest_text(self) -> float:
        """Return the size of the smallest text on the screen, in pixels."""
        return float(
            self.page.evaluate(
                "() => Math.min(...[...document.querySelectorAll('body *')].filter(part => part.checkVisibility()"
                " && !part.closest('.say, svg') && [...part.childNodes].some(node => node.nodeType === 3"
                " && node.textContent.trim())).map(part => parseFloat(getComputedStyle(part).fontSize)))"
            )
        )


def at_hour(context: BrowserContext, hour: int) -> None:
    """Let the kiosk hear another hour from its server."""

    def told(route: Route) -> None:
        response = route.fetch()
        if response.status != 200:
            route.fulfill(response=response)
            return
        heard = response.json()
        at = datetime.fromtimestamp(heard["now"] / 1000).astimezone()
        heard["now"] += round((hour - at.hour) * 3_600_000)
        route.fulfill(response=response, json=heard)

    context.route("**/kiosk/pulse/", told)
