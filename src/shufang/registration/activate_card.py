"""Making an issued card good: its deposit is held and it has a PIN."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.registration.served import CardChanged, Served, lock_card, missing, step


@dataclass(frozen=True, slots=True)
class ActivateCard:
    """The card that begins to lend."""

    card_number: str
    served: Served = field(default_factory=Served)


def activate_card(command: ActivateCard, now: datetime) -> CardChanged | Refusal:
    """Activate. Refuses card_unknown, deposit_missing, pin_missing, and every status but ISSUED by its own code."""
    with transaction.atomic():
        found = lock_card(command.card_number)
        if isinstance(found, Refusal):
            return found
        card, patron = found
        if card.status in {Card.Status.LOST, Card.Status.EXPIRED}:
            return Refusal(f"card_{card.status}")
        refusal = missing(card, patron) if card.status == Card.Status.ISSUED else None
        if refusal is not None:
            return refusal
        return step(card, patron, Card.Status.ACTIVE, command.served, now)
