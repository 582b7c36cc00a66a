"""Sending a one-time code to a reader's contact. Whether there is such a card, or such a contact, nobody learns by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.notices.models import Notice
from shufang.notices.outbox import put
from shufang.patrons.models import OneTimeCode, Patron
from shufang.patrons.one_time_code import Purpose, new_code
from shufang.patrons.tries import count_try

MOST_OF_A_CARD = 3
MOST_OF_AN_ADDRESS = 20
WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SendPinCode:
    """The card as typed by somebody who forgot its PIN. `address` is the visitor's, as `address:…`."""

    card_number: str
    address: str


@dataclass(frozen=True, slots=True)
class SendEmailCode:
    """The e-mail address that a reader, signed in, wants on record."""

    patron_id: int
    card_number: str
    email: str
    address: str


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The notices that wait in the outbox (one a channel). That there are some says nothing about the card."""

    notice_ids: tuple[int, ...]


def send_pin_code(command: SendPinCode, now: datetime) -> CodeSent | Refusal:
    """Send. Refuses sign_in_too_often, counted by the card as typed and by the address; nothing else, whatever the card."""
    refusal = _too_often(command.card_number, command.address, now)
    if refusal is not None:
        return refusal
    with transaction.atomic():
        patron = Patron.objects.filter(cards__number=command.card_number, closed_at__isnull=True).first()
        code = new_code(Purpose.PIN, command.card_number, patron.pk if patron else None, now)
        return _sent("pin_code", code, now)


def send_email_code(command: SendEmailCode, now: datetime) -> CodeSent | Refusal:
    """Send to the new address. Refuses email_invalid, sign_in_too_often."""
    try:
        validate_email(command.email)
    except ValidationError:
        return Refusal("email_invalid")
    refusal = _too_often(command.card_number, command.address, now)
    if refusal is not None:
        return refusal
    with transaction.atomic():
        code = new_code(Purpose.EMAIL, command.card_number, command.patron_id, now, command.email)
        return _sent("email_code", code, now)


def _too_often(card_number: str, address: str, now: datetime) -> Refusal | None:
    of_card = count_try("code_asked", card_number, WITHIN, now)
    of_address = count_try("code_asked", address, WITHIN, now)
    if of_card > MOST_OF_A_CARD or of_address > MOST_OF_AN_ADDRESS:
        return Refusal("sign_in_too_often", {"minutes": int(WITHIN.total_seconds() // 60)})
    return None


def _sent(template: str, code: OneTimeCode, now: datetime) -> CodeSent:
    channels = {"email"} if code.address else None
    put(template, "code", code.pk, occasion=code.nonce_name, now=now, channels=channels)
    waiting = Notice.objects.filter(subject="code", subject_id=code.pk, occasion=code.nonce_name)
    return CodeSent(tuple(waiting.values_list("pk", flat=True)))
