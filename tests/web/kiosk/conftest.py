"""A kiosk of Gaomidian study that is signed in, without a browser."""

import pytest
from django.test import Client

from shufang.branches.devices import hash_password
from shufang.branches.models import Branch, Device

ACCOUNT, PASSWORD = "gmd-9", "a machine's long password"


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
