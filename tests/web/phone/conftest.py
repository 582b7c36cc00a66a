"""Readers of the cast, signed in, in the test client and in a real browser."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.live_server_helper import LiveServer

from shufang.catalogue.loading.classification import main_classes
from shufang.catalogue.models import MainClass
from shufang.demo.cast import settle
from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.patrons.models import Patron
from shufang.web.reader.signed_in import COOKIE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def lay_out() -> None:
    """Lay out the network with the cast and the few titles that it needs."""
    cache.clear()
    for row in main_classes():  # emptied after a test with real transactions, with all that migrations had brought
        MainClass.objects.update_or_create(letter=row.letter, defaults={"name": row.name, "name_en": row.name_en})
    settle(clock.now())


@pytest.fixture
def cast(db: None) -> None:
    """Have the cast in the database."""
    lay_out()


def token_of(card_number: str) -> str:
    """Sign a reader in on an own device and return the cookie's value."""
    return sessions.start(Patron.objects.get(cards__number=card_number), clock.now(), is_own_device=True)


@pytest.fixture
def as_reader(cast: None) -> Callable[[str], Client]:
    """Return a browser in which the reader of a card is signed in."""

    def signed_in(card_number: str = "D0000001") -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.cookies[COOKIE] = token_of(card_number)
        return client

    return signed_in


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Start the machine's own Chromium, after the database.

    Playwright's event loop runs in this thread as long; Django must not take the tests for asynchronous views.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """Return the address of a running site with the cast in it."""
    lay_out()
    return str(live_server.url)


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Return what makes a phone, on which the reader of a card is signed in (none: nobody)."""
    made: list[BrowserContext] = []

    def new(
        card_number: str = "",
        language: str = "en",
        scheme: str = "day",
        size: tuple[int, int] = (390, 844),
        *,
        javascript: bool = True,
    ) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "night" else "light",
            locale=language,
            java_script_enabled=javascript,
        )
        if card_number:
            context.add_cookies([{"name": COOKIE, "value": token_of(card_number), "url": site}])
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()
