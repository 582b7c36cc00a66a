"""A kiosk of Gaomidian study that is signed in, without a browser, and what its page does."""

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from shufang.branches import device_sessions
from shufang.branches.devices import hash_password
from shufang.branches.models import Branch, Device
from shufang.catalogue.loading.classification import main_classes
from shufang.catalogue.models import MainClass
from shufang.demo.cast import settle
from shufang.kernel import clock
from shufang.kernel.sealing import seal
from tests.web.kiosk.at_the_screen import PORTRAIT, Screen
from tests.web.kiosk.the_line import Line

ACCOUNT, PASSWORD = "gmd-9", "a machine's long password"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
Answer = dict[str, object]
Ask = Callable[..., Answer]


def new_device() -> Device:
    """Make the kiosk's account."""
    return Device.objects.create(
        account=ACCOUNT,
        name="高米店 9 号自助机",
        kind=Device.Kind.KIOSK,
        branch=Branch.objects.get(code="GMD"),
        encoding="utf-8",
        password_hash=hash_password(PASSWORD),
        needs_pin=False,
    )


@pytest.fixture
def device(cast: None) -> Device:
    return new_device()


@pytest.fixture
def kiosk(device: Device) -> Client:
    """Return a client that is signed in as the kiosk."""
    client = Client(headers={"sec-fetch-mode": "cors"})
    answer = client.post("/kiosk/sign-in/", {"account": ACCOUNT, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def ask(kiosk: Client) -> Ask:
    """Return the function by which a page asks: `ask("borrow", visit=…, barcode=…)`, each time under a new request key."""

    def asked(what: str, **values: object) -> Answer:
        values.setdefault("request", str(uuid4()))
        answer = kiosk.post(f"/kiosk/{what}/", json.dumps(values), content_type="application/json")
        assert answer.status_code == 200, answer.content
        assert answer.headers["Cache-Control"] == "no-store"
        found: Answer = answer.json()
        return found

    return asked


@pytest.fixture
def sealed(kiosk: Client) -> Callable[..., Answer]:
    """Return the function that seals an entry as the kiosk's page does."""
    known = kiosk.get("/kiosk/last-known/").json()

    def entry(verb: str, barcode: str, at: float, **more: object) -> Answer:
        uuid = str(more.pop("id", None) or uuid4())
        said = {"v": 1, "id": uuid, "verb": verb, "barcode": barcode, "at": at, **more}
        closed = seal(json.dumps(said).encode(), base64.b64decode(known["key"]), known["context"].encode(), bytes(12))
        return {"id": uuid, "sealed": base64.b64encode(closed).decode()}

    return entry


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Start the machine's own Chromium, after the database. Django must not take the tests for asynchronous views."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def line(live_server: LiveServer) -> Iterator[Line]:
    """Return the line to a running site with the cast and the kiosk's account in it."""
    cache.clear()
    for row in main_classes():  # emptied after the test before, with all that migrations had brought
        MainClass.objects.update_or_create(letter=row.letter, defaults={"name": row.name, "name_en": row.name_en})
    settle(clock.now())
    new_device()
    server = urlsplit(str(live_server.url))
    made = Line(server.hostname or "127.0.0.1", server.port or 80)
    yield made
    made.cut()


@pytest.fixture
def screen(browser: Browser, line: Line) -> Iterator[Callable[..., Screen]]:
    """Return what switches a kiosk on: a browser of its own that is signed in with the device's account."""
    contexts = []

    def switched_on(size: tuple[int, int] = PORTRAIT, *, touch: bool = False) -> Screen:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=touch)
        contexts.append(context)
        token = device_sessions.open_session(Device.objects.get(account=ACCOUNT), "127.0.0.1", clock.now())
        address = f"{line.address}/kiosk/"
        context.add_cookies([{"name": "shufang_kiosk", "value": token, "url": address}])
        return Screen(context.new_page(), line)

    yield switched_on
    for context in contexts:
        context.close()
