"""Giving a card a new last day. Those whose last day has passed are marked by a job (jobs/expire_cards.py)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from shufang.kernel.refusal import Refusal
from shufang.money.charges import raise_revision
from shufang.patrons.guardians import age_on
from shufang.patrons.models import Card, Patron
from shufang.registration.authority import errands
from shufang.registration.issue_card import expiry
from shufang.registration.served import CardChanged, Served, has_good_card, lock_card, missing, step, write_down


@dataclass(frozen=True, slots=True)
class RenewCard:
    """The card that shall be good for another of its kind's terms, from today."""

    card_number: str
    served: Served = field(default_factory=Served)


def renew_card(command: RenewCard, now: datetime) -> CardChanged | Refusal:
    """Renew an active or expired card. Refuses card_unknown, card_does_not_expire, patron_has_card, card_kind_too_old,
    deposit_missing, pin_missing, and a card that is not active, lost, replaced or closed by its own code.
    """
    with transaction.atomic():
        found = lock_card(command.card_number)
        if isinstance(found, Refusal):
            return found
        card, patron = found
        today = timezone.localdate(now)
        refusal = _refusal(card, patron, today)
        if refusal is not None:
            return refusal
        card.expires_on = expiry(card.kind, today)
        if card.status == Card.Status.EXPIRED:
            return missing(card, patron) or step(card, patron, Card.Status.ACTIVE, command.served, now)
        card.save(update_fields=["expires_on"])
        write_down(command.served, "card_renewed", card, f"{card.expires_on}", now)
        errands.add(errands.Verb.RENEW, card, now)
        return CardChanged(card.pk, patron.pk, raise_revision(patron), Card.Status.ACTIVE)


def _refusal(card: Card, patron: Patron, today: date) -> Refusal | None:
    if card.status == Card.Status.ISSUED:
        return Refusal("card_not_active")
    if card.status in {Card.Status.LOST, Card.Status.REPLACED, Card.Status.CLOSED}:
        return Refusal(f"card_{card.status}")
    if card.kind.valid_days is None and card.expires_on is None:
        return Refusal("card_does_not_expire")
    if card.status == Card.Status.EXPIRED and has_good_card(patron):
        return Refusal("patron_has_card")
    grown = card.kind.most_age is not None and patron.birth_date is not None
    if grown and age_on(patron.birth_date or today, today) > (card.kind.most_age or 0):
        return Refusal("card_kind_too_old", {"most_age": card.kind.most_age})
    return None
