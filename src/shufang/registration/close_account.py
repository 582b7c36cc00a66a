"""A reader closes his account himself: every card of his ends, he is signed out, and his history is erased at once.

What else tells who he is goes SHUFANG_CLOSED_PATRON_DAYS later (jobs/erase_closed_patrons.py), once a deposit is back.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron, owed, raise_revision
from shufang.money.deposits import held
from shufang.patrons import sessions
from shufang.patrons.card_life import may_become
from shufang.patrons.guardians import wards_of
from shufang.patrons.models import Card, Guardianship, Patron
from shufang.patrons.pin_check import PinCheck
from shufang.registration.served import Served, step


@dataclass(frozen=True, slots=True)
class CloseAccount:
    """The reader who is signed in, and what the face found about the PIN that he typed for this."""

    patron_id: int
    pin: PinCheck


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """`deposit` goes back: by the way it came where a provider took it (`is_online`), else at any desk."""

    patron_id: int
    patron_revision: int
    deposit: Decimal
    is_online: bool


def close_account(command: CloseAccount, now: datetime) -> AccountClosed | Refusal:
    """Close. Refuses pin_wrong, pin_locked, account_closed, and all that `hindrances` names, the first of it."""
    if command.pin in {PinCheck.WRONG, PinCheck.LOCKED}:
        return Refusal(f"pin_{command.pin.value}")
    with transaction.atomic():
        patron = lock_patron(command.patron_id)
        if patron.closed_at is not None:
            return Refusal("account_closed")
        in_the_way = hindrances(patron.pk, now)
        return in_the_way[0] if in_the_way else _record(patron, now)


def hindrances(patron_id: int, now: datetime) -> tuple[Refusal, ...]:
    """Return everything that keeps an account open: loans_open, holds_open, charges_open, refunds_open,
    ward_needs_guardian. Five queries.
    """
    patron = Patron.objects.get(pk=patron_id)
    loans, holds, debt = patron.loans.count(), patron.holds.count(), owed(patron_id)
    found = [
        Refusal("loans_open", {"count": loans}) if loans else None,
        Refusal("holds_open", {"count": holds}) if holds else None,
        Refusal("charges_open", {"owed": debt}) if debt else None,
        Refusal("refunds_open") if patron.refunds_due.filter(refund__isnull=True).exists() else None,
        *(Refusal("ward_needs_guardian", {"name": ward.name}) for ward in _alone_without(patron_id, now)),
    ]
    return tuple(refusal for refusal in found if refusal is not None)


def _alone_without(patron_id: int, now: datetime) -> list[Patron]:
    """Return the minors with a card for whom nobody else answers."""
    return [
        ward
        for ward in wards_of(patron_id, timezone.localdate(now))
        if not Guardianship.objects.filter(minor=ward).exclude(guardian_id=patron_id).exists()
        and ward.cards.exclude(status__in=[Card.Status.CLOSED, Card.Status.REPLACED]).exists()
    ]


def _record(patron: Patron, now: datetime) -> AccountClosed | Refusal:
    deposit = held(patron.pk)
    for card in Card.objects.filter(patron=patron).select_related("kind", "library"):
        if may_become(Card.Status(card.status), Card.Status.CLOSED):
            changed = step(card, patron, Card.Status.CLOSED, Served(), now)
            if isinstance(changed, Refusal):
                return changed
    patron.history.all().delete()
    patron.history_consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    sessions.end_all(patron.pk)
    patron.one_time_codes.all().delete()
    patron.keeps_history, patron.closed_at = False, now
    patron.save(update_fields=["keeps_history", "closed_at"])
    return AccountClosed(
        patron_id=patron.pk,
        patron_revision=raise_revision(patron),
        deposit=deposit.amount if deposit else ZERO,
        is_online=deposit is not None and hasattr(deposit.payment, "online"),
    )
