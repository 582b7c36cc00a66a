"""What the card centre must be told is written down in the transaction of the verb that did it, and told later."""

import uuid
from datetime import datetime

from shufang.money.models import Deposit
from shufang.patrons.models import Card
from shufang.registration.authority.chosen import is_local
from shufang.registration.authority.models import Errand

Verb = Errand.Verb
_VERBS = {
    Card.Status.ACTIVE: Errand.Verb.ACTIVATE,
    Card.Status.LOST: Errand.Verb.LOST,
    Card.Status.CLOSED: Errand.Verb.CLOSE,
}


def of_step(card: Card, old: str, now: datetime) -> None:
    """Write an errand for a step of a card's life; an expiry the centre knows by its date, a replacement tells itself."""
    verb = _VERBS.get(Card.Status(card.status))
    if verb is Errand.Verb.ACTIVATE and old == Card.Status.LOST:
        verb = Errand.Verb.FOUND
    if verb is not None:
        add(verb, card, now)


def of_deposit(deposit: Deposit, now: datetime) -> None:
    """Write an errand for a deposit that is held now, or went back."""
    went_back = deposit.refunded_at is not None
    verb = Verb.DEPOSIT_REFUNDED if went_back else Verb.DEPOSIT_PAID
    add(verb, deposit.card, now, amount=str(deposit.amount))


def add(verb: Errand.Verb, card: Card, now: datetime, **values: str) -> None:
    """Write an errand, in the caller's transaction that has locked the card's patron. Nothing where the register is here."""
    if not is_local():
        told = {"status": card.status, **values}
        Errand.objects.create(key=uuid.uuid4().hex, verb=verb, card=card, values=told, made_at=now)
