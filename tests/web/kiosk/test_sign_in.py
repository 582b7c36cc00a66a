"""A browser becomes a kiosk: by a machine's account and password, for long, from its own addresses, never as a person."""

import pytest
from django.test import Client

from shufang.branches.models import Device, DeviceSession
from shufang.web.content_security import POLICY, policy

ACCOUNT, PASSWORD = "gmd-9", "a machine's long password"


def sign_in(client: Client, account: str = ACCOUNT, password: str = PASSWORD, address: str = "127.0.0.1") -> int:
    answer = client.post("/kiosk/sign-in/", {"account": account, "password": password}, REMOTE_ADDR=address)
    return answer.status_code


def test_a_stranger_is_led_to_the_machines_door(client: Client, device: Device) -> None:
    answer = client.get("/kiosk/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/kiosk/sign-in/")
    assert client.get("/kiosk/", headers={"sec-fetch-mode": "cors"}).status_code == 401
    assert client.get("/kiosk/sign-in/").status_code == 200


def test_the_kiosk_opens_and_nothing_is_kept(client: Client, device: Device) -> None:
    assert sign_in(client) == 302
    cookie = client.cookies["shufang_kiosk"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/kiosk/", True, "Strict")
    assert cookie["max-age"] > 365 * 24 * 3600
    assert set(client.cookies) <= {"shufang_kiosk", "csrftoken"}
    page = client.get("/kiosk/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "高米店城市书房" in page.content.decode()
    assert bytes(DeviceSession.objects.get().token_hash) not in cookie.value.encode()


@pytest.mark.parametrize(
    ("account", "password"),
    [(ACCOUNT, "wrong"), ("nobody", PASSWORD), ("gmd-1", "demo"), (ACCOUNT, ""), ("D0000001", "135790")],
)
def test_only_a_kiosks_own_account_and_password(client: Client, device: Device, account: str, password: str) -> None:
    assert sign_in(client, account, password) == 422  # gmd-1 is a self-check machine, D0000001 a reader
    assert client.get("/kiosk/").status_code == 302
    assert not DeviceSession.objects.exists()


def test_guessing_ends(client: Client, device: Device) -> None:
    for _ in range(20):
        assert sign_in(client, password="guess") == 422
    assert sign_in(client) == 422
    assert sign_in(Client(), address="10.0.0.7") == 302


def test_only_from_its_addresses(client: Client, device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(allowed_addresses="10.0.0.0/24")
    assert sign_in(client) == 422
    assert sign_in(client, address="10.0.0.7") == 302
    assert client.get("/kiosk/", REMOTE_ADDR="10.0.0.8").status_code == 200
    assert client.get("/kiosk/", REMOTE_ADDR="10.0.1.8").status_code == 302


def test_it_is_revoked_at_once(kiosk: Client, device: Device) -> None:
    assert kiosk.get("/kiosk/").status_code == 200
    DeviceSession.objects.all().delete()
    assert kiosk.get("/kiosk/").status_code == 401


def test_it_is_signed_out_with_its_password_alone(kiosk: Client, device: Device) -> None:
    assert kiosk.post("/kiosk/sign-in/", {"out": "1", "password": "135790"}).status_code == 422
    assert kiosk.get("/kiosk/").status_code == 200
    answer = kiosk.post("/kiosk/sign-in/", {"out": "1", "password": PASSWORD})
    assert answer.status_code == 302
    assert kiosk.get("/kiosk/").status_code == 401
    assert not DeviceSession.objects.exists()


def test_its_page_may_call_its_own_agent_and_nobody_else(kiosk: Client, device: Device) -> None:
    assert kiosk.get("/kiosk/").headers["Content-Security-Policy"] == POLICY
    Device.objects.filter(pk=device.pk).update(agent="ws://127.0.0.1:8765")
    assert kiosk.get("/kiosk/").headers["Content-Security-Policy"] == policy("ws://127.0.0.1:8765")


def test_the_form_needs_its_csrf_token(device: Device) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict) == 403


@pytest.mark.parametrize("cookie", ["en.large.more", "large", "<script>.en"])
def test_the_kiosk_speaks_the_language_that_was_chosen_there(kiosk: Client, cookie: str) -> None:
    kiosk.cookies["shufang_kiosk_look"] = cookie
    page = kiosk.get("/kiosk/").content.decode()
    assert ('<html lang="en"' in page) == ("en" in cookie)
    assert ('data-text="large"' in page) == ("large" in cookie)
    assert ('data-contrast="more"' in page) == ("more" in cookie)
    assert "<script>" not in page
