"""Asking and telling the card authority, with an eye on the line. Never within a transaction: a verb holds locks there."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import connection

from shufang.kernel.refusal import Refusal
from shufang.registration.authority import line
from shufang.registration.authority.chosen import authority
from shufang.registration.authority.interface import (
    Accepted,
    Away,
    CardAuthority,
    Changes,
    CityAnswer,
    Message,
    NotThere,
)

A = TypeVar("A")
PAUSE = Away("it was away a moment ago")


def look_up(number: str, pin: str, now: datetime) -> CityAnswer | NotThere | Away:
    """Ask for a card."""
    return _asked(lambda keeper: keeper.look_up(number, pin), now)


def look_for(person: bytes, now: datetime) -> CityAnswer | NotThere | Away:
    """Ask for the good card of a person."""
    return _asked(lambda keeper: keeper.look_for(person), now)


def tell(message: Message, now: datetime) -> Accepted | Refusal | Away:
    """Tell what happened."""
    return _asked(lambda keeper: keeper.tell(message), now)


def changes(after: int, now: datetime) -> Changes | Away:
    """Ask what has changed."""
    return _asked(lambda keeper: keeper.changes(after), now)


def _asked(question: Callable[[CardAuthority], A], now: datetime) -> A | Away:
    keeper = authority()
    if keeper.is_here:
        return question(keeper)
    if connection.in_atomic_block:
        raise RuntimeError("the card centre is asked before a transaction, never within one")
    if not line.may_try(now):
        return PAUSE
    answer = question(keeper)
    line.note(answer, now)
    return answer
