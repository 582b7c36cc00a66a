"""PINs: right, wrong, locked at one place only, cached by version, the same work for cards that do not exist."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shufang.branches.models import Library
from shufang.demo import network
from shufang.kernel import password
from shufang.patrons import pin as pins
from shufang.patrons.models import Card, CardKind, Patron, PinFailures
from shufang.patrons.pin import check_pin, check_version, set_pin
from shufang.patrons.pin_check import PinCheck

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=16)


@pytest.fixture
def patron(db: None, monkeypatch: pytest.MonkeyPatch) -> Patron:
    """A reader with card T1 and PIN 135790, and a process that remembers nothing yet."""
    network.lay_out(NOW)
    monkeypatch.setattr(pins, "_right", password.RightOnes(100))
    patron = Patron.objects.create(name="王小红", birth_date=date(1990, 1, 1), created_at=NOW)
    Card.objects.create(
        number="T1",
        patron=patron,
        kind=CardKind.objects.get(code="adult"),
        library=Library.objects.get(code="DX"),
        status="active",
        issued_at=NOW,
        status_since=NOW,
    )
    assert set_pin(patron, "135790") is None
    return patron


def fail(times: int, place: str = "device:1", at: datetime = NOW) -> list[PinCheck]:
    return [check_pin("T1", "000000", place, at) for _ in range(times)]


def test_right_and_wrong(patron: Patron) -> None:
    assert check_pin("T1", "135790", "device:1", NOW) == PinCheck.RIGHT
    assert check_pin("T1", "135791", "device:1", NOW) == PinCheck.WRONG
    assert check_pin("T2", "135790", "device:1", NOW) == PinCheck.WRONG
    assert check_pin("T1", "\udcff\0", "device:1", NOW) == PinCheck.WRONG
    assert "135790" not in patron.pin_hash


def test_an_empty_pin_is_wrong_and_not_counted(patron: Patron) -> None:
    assert {check_pin("T1", "", "device:1", NOW) for _ in range(9)} == {PinCheck.WRONG}
    assert not PinFailures.objects.exists()


# Scenario 21
def test_five_failures_lock_the_card_there_and_nowhere_else(patron: Patron) -> None:
    assert fail(5) == [PinCheck.WRONG] * 5
    assert check_pin("T1", "135790", "device:1", NOW) == PinCheck.LOCKED
    assert check_pin("T1", "135790", "device:2", NOW) == PinCheck.RIGHT
    assert check_pin("T1", "135790", "device:1", LATER) == PinCheck.RIGHT
    assert fail(4, at=LATER) == [PinCheck.WRONG] * 4, "the right PIN forgot the failures"


def test_failures_long_ago_do_not_count(patron: Patron) -> None:
    assert fail(4) == [PinCheck.WRONG] * 4
    assert fail(4, at=LATER) == [PinCheck.WRONG] * 4
    assert check_pin("T1", "135790", "device:1", LATER) == PinCheck.RIGHT


def test_unknown_cards_are_locked_alike(patron: Patron) -> None:
    assert [check_pin("NONE", "135790", "device:1", NOW) for _ in range(6)] == [PinCheck.WRONG] * 5 + [PinCheck.LOCKED]
    row = PinFailures.objects.get()
    assert b"NONE" not in bytes(row.card_hash)


def test_a_second_check_costs_one_query_and_no_scrypt(patron: Patron, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_pin("T1", "135790", "device:1", NOW) == PinCheck.RIGHT
    monkeypatch.setattr(pins, "is_right", lambda *_: pytest.fail("scrypt again"))
    for place in ("device:1", "device:2"):
        with CaptureQueriesContext(connection) as queries:
            assert check_pin("T1", "135790", place, NOW) == PinCheck.RIGHT
        assert len(queries) == 1


def test_a_pin_that_another_process_changed_is_wrong_at_once(patron: Patron) -> None:
    assert check_version("T1", "135790", "device:1", NOW) == (PinCheck.RIGHT, 1)
    Patron.objects.update(pin_hash=pins.hash_pin("246801"), pin_version=2)
    assert check_version("T1", "135790", "device:1", NOW) == (PinCheck.WRONG, None)
    assert check_version("T1", "246801", "device:1", NOW) == (PinCheck.RIGHT, 2)


def test_a_new_pin_makes_the_old_one_wrong_at_once(patron: Patron) -> None:
    check_pin("T1", "135790", "device:1", NOW)
    assert set_pin(patron, "246801", must_change=True) is None
    assert check_pin("T1", "135790", "device:1", NOW) == PinCheck.WRONG
    assert check_pin("T1", "246801", "device:1", NOW) == PinCheck.RIGHT
    patron.refresh_from_db()
    assert (patron.pin_version, patron.pin_must_change) == (2, True)


def test_known_and_unknown_cards_cost_one_scrypt(patron: Patron, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def count(_given: bytes, stored: str) -> bool:
        done.append(stored)
        return False

    monkeypatch.setattr(pins, "is_right", count)
    check_pin("T1", "111213", "device:1", NOW)
    check_pin("NONE", "111213", "device:1", NOW)
    assert len(done) == 2


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("", "pin_invalid"),
        ("12345", "pin_invalid"),
        ("１３５７９０", "pin_invalid"),
        ("111111", "pin_too_simple"),
        ("123456", "pin_too_simple"),
        ("654321", "pin_too_simple"),
    ],
)
def test_pins_that_may_not_be_set(patron: Patron, pin: str, code: str) -> None:
    refusal = set_pin(patron, pin)
    assert refusal is not None
    assert refusal.code == code
    assert check_pin("T1", "135790", "device:1", NOW) == PinCheck.RIGHT


def test_small_letters_are_the_same_card_and_give_no_more_tries(patron: Patron) -> None:
    assert check_pin("t1", "135790", "device:1", NOW) == PinCheck.RIGHT
    fail(4)
    check_pin("t1", "000000", "device:1", NOW)
    assert check_pin("T1", "000000", "device:1", NOW) == PinCheck.LOCKED
