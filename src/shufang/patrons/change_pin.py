"""A reader gives himself a new PIN: he shows the old one, and every other device is signed out."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Patron, PatronSession
from shufang.patrons.pin import check_pin, set_pin
from shufang.patrons.pin_check import PinCheck


@dataclass(frozen=True, slots=True)
class ChangePin:
    """`address` is the visitor's, as `address:…`; `session_id` is the one session that goes on."""

    patron_id: int
    card_number: str
    session_id: int
    old_pin: str
    new_pin: str
    address: str


@dataclass(frozen=True, slots=True)
class PinChanged:
    """How many other sessions ended."""

    patron_id: int
    signed_out: int


def change_pin(command: ChangePin, now: datetime) -> PinChanged | Refusal:
    """Change. Refuses pin_wrong, pin_locked, pin_same, pin_invalid, pin_too_simple."""
    checked = check_pin(command.card_number, command.old_pin, command.address, now)
    if checked != PinCheck.RIGHT:
        return Refusal("pin_locked" if checked == PinCheck.LOCKED else "pin_wrong")
    if command.new_pin == command.old_pin:
        return Refusal("pin_same")
    with transaction.atomic():
        patron = Patron.objects.select_for_update(no_key=True).get(pk=command.patron_id)
        refusal = set_pin(patron, command.new_pin)
        if refusal is not None:
            return refusal
        every = PatronSession.objects.filter(patron=patron)
        signed_out = every.exclude(pk=command.session_id).delete()[0]
        every.filter(pk=command.session_id).update(pin_version=patron.pin_version)
        return PinChanged(patron.pk, signed_out)
