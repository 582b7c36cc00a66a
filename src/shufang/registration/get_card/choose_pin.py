"""Choosing a PIN on the machine's keypad, twice."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.patrons.pin import hash_pin, pin_refusal
from shufang.registration.get_card.applications import locked, touch


@dataclass(frozen=True, slots=True)
class ChoosePin:
    """The PIN as it was typed the first and the second time."""

    application_id: int
    pin: str = field(repr=False)
    again: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinChosen:
    """It is kept, hashed, until the card is made."""


def choose_pin(command: ChoosePin, now: datetime) -> PinChosen | Refusal:
    """Choose. Refuses application_over, pin_invalid, pin_too_simple (his birth date too), pin_differs.

    Hashing stands outside the transaction.
    """
    refusal = pin_refusal(command.pin)
    if refusal is not None:
        return refusal
    if command.pin != command.again:
        return Refusal("pin_differs")
    digest = hash_pin(command.pin)
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        born = application.document.birth_date
        if command.pin in {f"{born:%y%m%d}", f"{born:%d%m%y}", f"{born:%m%d%y}"}:
            return Refusal("pin_too_simple")
        application.pin_hash = digest
        touch(application, now, "pin_hash")
    return PinChosen()
