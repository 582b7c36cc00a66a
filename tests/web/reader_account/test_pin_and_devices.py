"""A first PIN is changed before anything else; changing it, and the devices on which one is signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from shufang.kernel import clock
from shufang.patrons.models import Patron, PatronSession
from shufang.patrons.pin import check_pin
from shufang.patrons.pin_check import PinCheck
from tests.web.answers import Answer

pytestmark = pytest.mark.usefixtures("cast")

AsReader = Callable[..., Client]
NEW = "246813"


def change(client: Client, old: str = "135790", new: str = NEW, again: str | None = None) -> Answer:
    return client.post("/me/pin/", {"old": old, "new": new, "again": new if again is None else again})


def is_signed_in(client: Client) -> bool:
    return client.get("/me/devices/").status_code == 200


def test_a_new_pin_counts_at_once_and_ends_the_other_devices(as_reader: AsReader) -> None:
    here, there = as_reader("D0000001"), as_reader("D0000001")
    answer = change(here)
    assert answer["Location"] == "/more/"
    assert b"1 other device was signed out" in here.get("/more/").content
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert check_pin("D0000001", NEW, "test", clock.now()) == PinCheck.RIGHT
    assert check_pin("D0000001", "135790", "test", clock.now()) == PinCheck.WRONG


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("970001", NEW, NEW, "The PIN is wrong"),
        ("135790", "12345", "12345", "six digits"),
        ("135790", "123456", "123456", "easy to guess"),
        ("135790", "135790", "135790", "have already"),
        ("135790", NEW, "246814", "two PINs differ"),
        ("135790", "", "", "six digits"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(as_reader: AsReader, old: str, new: str, again: str, said: str) -> None:
    client, other = as_reader("D0000001"), as_reader("D0000001")
    answer = change(client, old, new, again)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert page.count('aria-invalid="true"') == 1
    assert old not in page
    assert is_signed_in(other)
    assert check_pin("D0000001", "135790", "test", clock.now()) == PinCheck.RIGHT


def test_the_old_pin_cannot_be_guessed(as_reader: AsReader) -> None:
    client = as_reader("D0000001")
    for _ in range(5):
        change(client, old="000001")
    assert b"Too many wrong PINs" in change(client).content


def test_a_first_pin_must_be_changed_before_anything_else(as_reader: AsReader) -> None:
    Patron.objects.filter(cards__number="D0000001").update(pin_must_change=True)
    client = as_reader("D0000001")
    assert client.get("/me/devices/")["Location"] == "/me/pin/?next=/me/devices/"
    assert client.post("/me/devices/end-all/").status_code == 302
    assert PatronSession.objects.count() == 1
    assert b"D0000001" not in client.get("/more/").content
    assert b"own PIN first" in client.get("/me/pin/").content
    assert change(client)["Location"] == "/"
    assert is_signed_in(client)


def test_whose_first_pin_is_still_there_may_sign_out(as_reader: AsReader) -> None:
    Patron.objects.filter(cards__number="D0000001").update(pin_must_change=True)
    as_reader("D0000001").post("/sign-out/")
    assert not PatronSession.objects.exists()


def test_one_device_or_all_are_signed_out(as_reader: AsReader) -> None:
    here, there, third = as_reader("D0000001"), as_reader("D0000001"), as_reader("D0000001")
    other = as_reader("D0000002")
    second = PatronSession.objects.order_by("pk")[1]
    page = here.get("/me/devices/").content.decode()
    assert page.count("/end/") == 3
    here.post(f"/me/devices/{second.pk}/end/")
    assert (is_signed_in(here), is_signed_in(there), is_signed_in(third)) == (True, False, True)
    answer = third.post("/me/devices/end-all/")
    assert answer["Location"] == "/"
    assert (is_signed_in(here), is_signed_in(third), is_signed_in(other)) == (False, False, True)


def test_nobody_signs_another_reader_out(as_reader: AsReader) -> None:
    mine = as_reader("D0000001")
    session = PatronSession.objects.get()
    other = as_reader("D0000002")
    other.post(f"/me/devices/{session.pk}/end/")
    assert is_signed_in(mine)
    assert f"/me/devices/{session.pk}/".encode() not in other.get("/me/devices/").content


def test_what_a_device_calls_itself_is_kept_in_short(client: Client) -> None:
    agent = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"
    client.post("/sign-in/", {"card": "D0000001", "pin": "135790"}, headers={"User-Agent": agent})
    assert PatronSession.objects.get().browser == "Chrome, Android"
