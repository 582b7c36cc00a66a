"""Readers of the cast, signed in, in the test client and on a phone."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shufang.catalogue.loading.classification import main_classes
from shufang.catalogue.models import MainClass
from shufang.demo.cast import settle
from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.patrons.models import Patron
from shufang.web.reader.signed_in import COOKIE
from tests.web.test_browser import CHROMIUM, PHONE


def token_of(card_number: str) -> str:
    """Sign a reader in on an own device and return the cookie's value."""
    return sessions.start(Patron.objects.get(cards__number=card_number), clock.now(), is_own_device=True)


@pytest.fixture
def as_reader(cast: None) -> Callable[[str], Client]:
    """Return what opens a browser in which the reader of a card is signed in."""

    def signed_in(card_number: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.cookies[COOKIE] = token_of(card_number)
        return client

    return signed_in


@pytest.fixture
def reader(as_reader: Callable[[str], Client]) -> Client:
    """Return a browser of D0000001, who is in good standing and has nothing out."""
    return as_reader("D0000001")


@pytest.fixture
def simulator(settings: Settings) -> None:
    """Let payments go through the simulator."""
    settings.SHUFANG_PAYMENT_PROVIDER = "simulator"


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
    cache.clear()
    for row in main_classes():  # emptied after the test before, with all that migrations had brought
        MainClass.objects.update_or_create(letter=row.letter, defaults={"name": row.name, "name_en": row.name_en})
    settle(clock.now())
    return str(live_server.url)


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Return what makes a phone (or a laptop), on which the reader of a card is signed in; without a card nobody is."""
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
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "night" else "light",
            locale=language,
            java_script_enabled=javascript,
        )
        if card:
            context.add_cookies([{"name": COOKIE, "value": token_of(card), "url": site}])
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()
