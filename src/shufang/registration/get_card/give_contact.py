"""How somebody can be reached, or that he would rather not say, where his kind of card allows that."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.registration.get_card.applications import locked, touch
from shufang.registration.models import CardOffer

_PHONE = re.compile(r"\+?[0-9]{5,20}")


@dataclass(frozen=True, slots=True)
class GiveContact:
    """A telephone number, a mail address, both, or nothing."""

    application_id: int
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ContactGiven:
    """Whether there is any."""

    can_be_reached: bool


def give_contact(command: GiveContact, now: datetime) -> ContactGiven | Refusal:
    """Give it. Refuses application_over, application_incomplete (no kind yet), contact_missing, phone_invalid, email_invalid."""
    phone, email = re.sub(r"[\s()\-]", "", command.phone), command.email.strip()
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        if application.offer is None:
            return Refusal("application_incomplete")
        refusal = _refusal(application.offer, phone, email)
        if refusal is not None:
            return refusal
        application.phone, application.email, application.contact_at = phone, email, now
        touch(application, now, "phone", "email", "contact_at")
        return ContactGiven(bool(phone or email))


def _refusal(offer: CardOffer, phone: str, email: str) -> Refusal | None:
    if not phone and not email:
        return Refusal("contact_missing") if offer.contact == CardOffer.Contact.NEEDED else None
    if phone and not _PHONE.fullmatch(phone):
        return Refusal("phone_invalid")
    try:
        if email:
            validate_email(email)
    except ValidationError:
        return Refusal("email_invalid")
    return None
