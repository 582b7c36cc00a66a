"""Giving a card back: nothing may be out or owed, and the deposit goes back."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.money.deposits import RefundDeposit, held, refund_deposit
from shufang.patrons.card_life import transition_refusal
from shufang.patrons.models import Card, Patron
from shufang.registration.served import Served, has_good_card, lock_card, step


@dataclass(frozen=True, slots=True)
class CloseCard:
    """`refund_method`: how a held deposit goes back (cash, wechat, …)."""

    card_number: str
    refund_method: str = "cash"
    served: Served = field(default_factory=Served)


@dataclass(frozen=True, slots=True)
class CardClosed:
    """What went back."""

    card_id: int
    patron_id: int
    patron_revision: int
    refunded: Decimal


def close_card(command: CloseCard, now: datetime) -> CardClosed | Refusal:
    """Close. Refuses card_unknown, card_replaced, card_closed, loans_open, holds_open, charges_open, refunds_open,
    patron_has_card (a good one beside this lost or expired one still needs the record).
    """
    with transaction.atomic():
        found = lock_card(command.card_number)
        if isinstance(found, Refusal):
            return found
        card, patron = found
        refusal = transition_refusal(card, Card.Status.CLOSED) or _refusal(card, patron)
        return refusal or _record(command, card, patron, now)


def _refusal(card: Card, patron: Patron) -> Refusal | None:
    if has_good_card(patron, other_than=card):
        return Refusal("patron_has_card")
    loans, holds = patron.loans.count(), patron.holds.count()
    if loans:
        return Refusal("loans_open", {"count": loans})
    if holds:
        return Refusal("holds_open", {"count": holds})
    debt = owed(patron.pk)
    if debt:
        return Refusal("charges_open", {"owed": debt})
    return Refusal("refunds_open") if patron.refunds_due.filter(refund__isnull=True).exists() else None


def _record(command: CloseCard, card: Card, patron: Patron, now: datetime) -> CardClosed | Refusal:
    served, refunded = command.served, ZERO
    if held(patron.pk) is not None:
        back = RefundDeposit(
            patron.pk, command.refund_method, user_id=served.user_id, branch_id=served.branch_id, ends_card=True
        )
        given = refund_deposit(back, now)
        if isinstance(given, Refusal):
            return given
        refunded = given.refunded
    patron.refresh_from_db(fields=["revision"])
    changed = step(card, patron, Card.Status.CLOSED, served, now)
    if isinstance(changed, Refusal):
        return changed
    patron.closed_at = now
    patron.save(update_fields=["closed_at"])
    return CardClosed(card.pk, patron.pk, changed.patron_revision, refunded)
