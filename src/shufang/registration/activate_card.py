"""Making an issued card good: its deposit is held and it has a PIN."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.money.deposits import held
from shufang.patrons.models import Card
from shufang.registration.served import CardChanged, Served, lock_card, step


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
        if card.status == Card.Status.ISSUED and card.kind.deposit and held(patron.pk) is None:
            return Refusal("deposit_missing", {"deposit": card.kind.deposit})
        if card.status == Card.Status.ISSUED and not patron.pin_hash:
            return Refusal("pin_missing")
        return step(card, patron, Card.Status.ACTIVE, command.served, now)
