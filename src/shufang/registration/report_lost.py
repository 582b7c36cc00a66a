"""A card is lost: it stops at once everywhere. Found again, it is good again."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from shufang.kernel.refusal import Refusal
from shufang.patrons.card_life import is_expired
from shufang.patrons.models import Card
from shufang.registration.served import CardChanged, Served, has_good_card, lock_card, missing, step


@dataclass(frozen=True, slots=True)
class ReportLost:
    """The card that is gone."""

    card_number: str
    served: Served = field(default_factory=Served)


@dataclass(frozen=True, slots=True)
class CardFound:
    """The card that turned up again."""

    card_number: str
    served: Served = field(default_factory=Served)


def report_lost(command: ReportLost, now: datetime) -> CardChanged | Refusal:
    """Stop a card. Refuses card_unknown, card_lost (already), card_replaced, card_closed. Its loans and holds stay."""
    with transaction.atomic():
        found = lock_card(command.card_number)
        if isinstance(found, Refusal):
            return found
        return step(*found, Card.Status.LOST, command.served, now)


def card_found(command: CardFound, now: datetime) -> CardChanged | Refusal:
    """Make a lost card good again. Refuses card_unknown, card_not_lost, patron_has_card, card_expired, deposit_missing,
    pin_missing.
    """
    with transaction.atomic():
        found = lock_card(command.card_number)
        if isinstance(found, Refusal):
            return found
        card, patron = found
        if card.status != Card.Status.LOST:
            return Refusal("card_not_lost", {"status": card.status})
        if has_good_card(patron):
            return Refusal("patron_has_card")
        if is_expired(card, timezone.localdate(now)):
            return Refusal("card_expired")
        return missing(card, patron) or step(card, patron, Card.Status.ACTIVE, command.served, now)
