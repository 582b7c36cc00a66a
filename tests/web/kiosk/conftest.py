"""A kiosk of Gaomidian study that is signed in, without a browser, and what its page does."""

import base64
import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from shufang.branches.devices import hash_password
from shufang.branches.models import Branch, Device
from shufang.kernel.sealing import seal

ACCOUNT, PASSWORD = "gmd-9", "a machine's long password"
Answer = dict[str, object]
Ask = Callable[..., Answer]


@pytest.fixture
def device(cast: None) -> Device:
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
