"""The cast of the demonstration, for the pages to show, and the machine's own browser to show them."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from shufang.catalogue.loading.classification import main_classes
from shufang.catalogue.models import MainClass
from shufang.demo.cast import settle
from shufang.kernel import clock
from shufang.sip2_server.configuration import status_file

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def cast(db: None) -> None:
    """Lay out the network with the cast and the few titles that it needs."""
    cache.clear()
    settle(clock.now())


@pytest.fixture(autouse=True)
def _no_sip2_server_of_other_tests() -> None:
    """Forget what a SIP2 server of another test in this process left behind: the health page would call it stopped."""
    status_file().unlink(missing_ok=True)


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
