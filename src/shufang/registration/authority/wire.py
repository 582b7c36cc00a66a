"""Cards and messages as JSON, as they go to and come from the card centre. ValueError for what is none. No Django, no I/O."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast

from shufang.registration.authority.interface import Changes, CityAnswer, Message, PinSaid

STATUSES = frozenset({"issued", "active", "lost", "replaced", "expired", "closed"})
_LONGEST = {"number": 40, "kind": 20, "library": 20, "name": 120, "library_name": 120, "library_name_en": 120}


def write_message(message: Message) -> dict[str, object]:
    """Return a message as JSON's values."""
    return {
        "verb": message.verb,
        "number": message.number,
        "kind": message.kind,
        "library": message.library,
        "status": message.status,
        "name": message.name,
        "birth_date": _iso(message.birth_date),
        "expires_on": _iso(message.expires_on),
        "person": message.person.hex(),
        "other": message.other,
        "amount": str(message.amount),
    }


def read_message(key: str, told: object) -> Message:
    """Return a message, as the centre reads it. ValueError."""
    values = _mapping(told)
    return Message(
        key=key,
        verb=_text(values, "verb"),
        number=_text(values, "number"),
        kind=_text(values, "kind"),
        library=_text(values, "library"),
        status=_text(values, "status"),
        name=_text(values, "name"),
        birth_date=_date(values, "birth_date"),
        expires_on=_date(values, "expires_on"),
        person=bytes.fromhex(_text(values, "person")),
        other=_text(values, "other"),
        amount=_money(values, "amount"),
    )


def write_answer(answer: CityAnswer) -> dict[str, object]:
    """Return a card as JSON's values."""
    return {
        "number": answer.number,
        "status": answer.status,
        "kind": answer.kind,
        "library": answer.library,
        "library_name": answer.library_name,
        "library_name_en": answer.library_name_en,
        "name": answer.name,
        "birth_date": _iso(answer.birth_date),
        "expires_on": _iso(answer.expires_on),
        "deposit": str(answer.deposit),
        "person": answer.person.hex(),
        "pin": answer.pin.value,
        "pin_version": answer.pin_version,
        "revision": answer.revision,
        "replaced_by": answer.replaced_by,
    }


def read_answer(told: object) -> CityAnswer:
    """Return a card, as we read it. ValueError for a status, a date, a length or a type that cannot be."""
    values = _mapping(told)
    for name, longest in _LONGEST.items():
        if len(_text(values, name)) > longest:
            raise ValueError(f"{name} is too long")
    status = _text(values, "status")
    if status not in STATUSES:
        raise ValueError(f"no status of a card: {status}")
    person = bytes.fromhex(_text(values, "person"))
    if len(person) not in {0, 32}:
        raise ValueError("person is no hash")
    return CityAnswer(
        number=_text(values, "number"),
        status=status,
        kind=_text(values, "kind"),
        library=_text(values, "library"),
        library_name=_text(values, "library_name"),
        library_name_en=_text(values, "library_name_en"),
        name=_text(values, "name"),
        birth_date=_date(values, "birth_date"),
        expires_on=_date(values, "expires_on"),
        deposit=_money(values, "deposit"),
        person=person,
        pin=PinSaid(_text(values, "pin") or "not_asked"),
        pin_version=_number(values, "pin_version"),
        revision=_number(values, "revision"),
        replaced_by=_text(values, "replaced_by"),
    )


def read_changes(told: object) -> Changes:
    """Return a page of changes. ValueError."""
    values = _mapping(told)
    cards = values.get("cards")
    if not isinstance(cards, list):
        raise ValueError("cards is no list")  # noqa: TRY004  # bad data, no bug
    return Changes(_number(values, "read_to"), tuple(read_answer(card) for card in cards), values.get("is_all") is True)


def loads(body: bytes) -> object:
    """Return JSON's values. ValueError."""
    try:
        return cast("object", json.loads(body))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _mapping(told: object) -> Mapping[str, object]:
    if not isinstance(told, dict):
        raise ValueError("no object")  # noqa: TRY004  # bad data, no bug
    return told


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name, "")
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{name} is no text")
    return value


def _number(values: Mapping[str, object], name: str) -> int:
    value = values.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**62:
        raise ValueError(f"{name} is no number")
    return value


def _money(values: Mapping[str, object], name: str) -> Decimal:
    try:
        value = Decimal(_text(values, name) or "0")
    except InvalidOperation as error:
        raise ValueError(f"{name} is no amount") from error
    if not value.is_finite() or not 0 <= value < 1_000_000:
        raise ValueError(f"{name} is no amount")
    return value


def _date(values: Mapping[str, object], name: str) -> date | None:
    value = values.get(name)
    return None if value in {None, ""} else date.fromisoformat(_text(values, name))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
