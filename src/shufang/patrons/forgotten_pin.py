"""A new PIN for a reader who forgot his: the code that was sent to the contact on record stands for the old one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Patron
from shufang.patrons.one_time_code import Purpose, use_code
from shufang.patrons.pin import forget_failures, pin_refusal, set_pin
from shufang.patrons.sessions import end_all
from shufang.patrons.tries import count_try

MOST_OF_A_CARD = 10
MOST_OF_AN_ADDRESS = 30
WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ChooseNewPin:
    """The code as typed. `address` is the visitor's, as `address:…`."""

    card_number: str
    code: str
    new_pin: str
    address: str


@dataclass(frozen=True, slots=True)
class NewPinChosen:
    """How many devices were signed out."""

    patron_id: int
    signed_out: int


def choose_new_pin(command: ChooseNewPin, now: datetime) -> NewPinChosen | Refusal:
    """Set it and sign the reader out everywhere. Refuses pin_invalid, pin_too_simple, sign_in_too_often, code_wrong.

    What is wrong with the PIN is said before the code is looked at, and costs no try.
    """
    refusal = pin_refusal(command.new_pin)
    if refusal is not None:
        return refusal
    of_card = count_try("code_used", command.card_number, WITHIN, now)
    of_address = count_try("code_used", command.address, WITHIN, now)
    if of_card > MOST_OF_A_CARD or of_address > MOST_OF_AN_ADDRESS:
        return Refusal("sign_in_too_often", {"minutes": int(WITHIN.total_seconds() // 60)})
    code = use_code(Purpose.PIN, command.card_number, command.code, now)
    if isinstance(code, Refusal):
        return code
    with transaction.atomic():
        patron = Patron.objects.select_for_update(no_key=True).get(pk=code.patron_id)
        if patron.closed_at is not None:
            return Refusal("code_wrong")
        refusal = set_pin(patron, command.new_pin)
        if refusal is not None:
            return refusal
        forget_failures(command.card_number, command.address)
        return NewPinChosen(patron.pk, end_all(patron.pk))
