"""The centre's requests and answers as bytes: signed, read back as they were, and nothing else is believed."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shufang.registration.authority import wire
from shufang.registration.authority.interface import CityAnswer, Message, PinSaid
from shufang.registration.authority.signing import (
    BELIEVED_FOR,
    REQUEST,
    SIGNATURE,
    TIME,
    Request,
    answer_signature,
    is_answer,
    read_request,
)
from shufang.registration.authority.simulator.books import Books
from shufang.registration.authority.simulator.rules import refusal

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
KEY = b"key"
ASKED = Request("POST", "/v1/cards/look-up", b'{"number": "D1"}', "DX", "0f", NOW)
CARD = CityAnswer(
    "SD0000001", "active", "adult", "SD", "孟凡", 7, "首都图书馆", "Capital Library", date(1991, 4, 2), date(2030, 1, 1),
    Decimal("50.00"), b"p" * 32, PinSaid.RIGHT, 2,
)  # fmt: skip
MESSAGE = Message("k", "register", "D1", "adult", "DX", "active", "林晓", date(1994, 7, 3), None, b"p" * 32)


def test_a_signed_request_is_believed() -> None:
    headers = ASKED.headers(KEY)
    assert read_request(KEY, "POST", ASKED.path, ASKED.body, headers, NOW) == ASKED


@pytest.mark.parametrize(
    ("path", "body", "headers", "at"),
    [
        ("/v1/messages", ASKED.body, {}, NOW),
        (ASKED.path, b'{"number": "D2"}', {}, NOW),
        (ASKED.path, ASKED.body, {"Shufang-Account": "SD"}, NOW),
        (ASKED.path, ASKED.body, {REQUEST: "10"}, NOW),
        (ASKED.path, ASKED.body, {TIME: "2026-03-02T02:00:01Z"}, NOW),
        (ASKED.path, ASKED.body, {TIME: "yesterday"}, NOW),
        (ASKED.path, ASKED.body, {SIGNATURE: ""}, NOW),
        (ASKED.path, ASKED.body, {SIGNATURE: "é"}, NOW),
        (ASKED.path, ASKED.body, {}, NOW + BELIEVED_FOR + timedelta(seconds=1)),
        (ASKED.path, ASKED.body, {}, NOW - BELIEVED_FOR - timedelta(seconds=1)),
    ],
)
def test_a_request_that_was_changed_or_is_old_is_not(
    path: str, body: bytes, headers: dict[str, str], at: datetime
) -> None:
    assert read_request(KEY, "POST", path, body, {**ASKED.headers(KEY), **headers}, at) is None


def test_an_answer_serves_its_own_request_alone() -> None:
    signature = answer_signature(KEY, "0f", 200, b"{}")
    assert is_answer(KEY, "0f", 200, b"{}", signature)
    assert not is_answer(KEY, "10", 200, b"{}", signature)
    assert not is_answer(KEY, "0f", 404, b"{}", signature)
    assert not is_answer(KEY, "0f", 200, b"[]", signature)
    assert not is_answer(b"other", "0f", 200, b"{}", signature)


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(number=TEXTS, name=TEXTS, birth=DAYS, expires=DAYS, amount=st.decimals(0, 9999, places=2))
def test_cards_and_messages_come_back_as_they_were(
    number: str, name: str, birth: date | None, expires: date | None, amount: Decimal
) -> None:
    card = replace(CARD, number=number, name=name, birth_date=birth, expires_on=expires, deposit=amount)
    assert wire.read_answer(wire.loads(json.dumps(wire.write_answer(card)).encode())) == card
    message = replace(MESSAGE, number=number, name=name, birth_date=birth, expires_on=expires, amount=amount)
    assert wire.read_message("k", wire.loads(json.dumps(wire.write_message(message)).encode())) == message


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "gone"},
        {"status": 1},
        {"number": "x" * 41},
        {"number": "D\0"},
        {"person": "zz"},
        {"person": "ff"},
        {"birth_date": "31.12.1990"},
        {"deposit": "NaN"},
        {"deposit": "-1"},
        {"revision": "7"},
        {"revision": True},
        {"revision": -1},
        {"pin": "maybe"},
    ],
)
def test_a_card_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        wire.read_answer({**wire.write_answer(CARD), **wrong})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_nothing_but_a_value_error_comes_out(told: object) -> None:
    for read in (wire.read_answer, wire.read_changes, lambda value: wire.read_message("k", value)):
        try:
            read(told)
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("verb", "known", "refused"),
    [
        ("register", "active", "card_number_used"),
        ("lost", "", "card_unknown"),
        ("lost", "closed", "card_closed"),
        ("lost", "active", ""),
        ("found", "active", "card_active"),
        ("found", "lost", ""),
        ("close", "replaced", "card_replaced"),
        ("renew", "expired", ""),
        ("deposit_paid", "issued", ""),
    ],
)
def test_what_the_simulated_centre_refuses(verb: str, known: str, refused: str) -> None:
    card = replace(CARD, status=known) if known else None
    assert refusal(replace(MESSAGE, verb=verb), card, None, None) == refused


def test_a_second_card_of_a_person_is_refused_there() -> None:
    assert refusal(replace(MESSAGE, number="D2"), None, None, CARD) == "patron_has_card"
    lost = replace(CARD, number="D3", status="lost")
    assert refusal(replace(MESSAGE, verb="found", number="D3"), lost, None, CARD) == "patron_has_card"


def test_the_books_answer_the_same_key_the_same() -> None:
    books = Books()
    first = books.take(MESSAGE)
    assert first == ("", 1)
    assert books.take(MESSAGE) == first
    assert books.take(replace(MESSAGE, key="other")) == ("card_number_used", 0)
    assert books.changes(0).read_to == 1
    books.put(CARD, "135790")
    assert [books.look_up(CARD.number, pin).pin for pin in ("", "135790", "1")] == [  # type: ignore[union-attr]  # it is there
        PinSaid.NOT_ASKED, PinSaid.RIGHT, PinSaid.WRONG,
    ]  # fmt: skip
    books.close()
