"""Whoever walks off leaves nothing half done: what he said is forgotten, an unpaid card ends, a paid one is finished.

A number that was given stays on its closed card, so that no gap goes unexplained.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron
from shufang.money.deposits import is_missing
from shufang.patrons.models import Card, Patron
from shufang.registration.forgetting import forget_patron
from shufang.registration.get_card.applications import forget, locked
from shufang.registration.get_card.finish_card import FinishCard, finish_card
from shufang.registration.models import Application
from shufang.registration.served import Served, step


class Left(StrEnum):
    """What became of an application: nothing was made; the unpaid card ended; the card is good (and to be printed)."""

    NOTHING = "nothing"
    ENDED = "ended"
    FINISHED = "finished"
    TO_BE_PRINTED = "to_be_printed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class GiveUp:
    """`for_good`: the person said so, or too much time has passed. Else he only left, and his money may still come."""

    application_id: int
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What became of it."""

    left: Left


def give_up(command: GiveUp, now: datetime) -> GivenUp | Refusal:
    """End an application's visit: nobody at the machine finds it again. Refuses application_over."""
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        card = application.card
        if card is None:
            forget(application)
            return GivenUp(Left.NOTHING)
        if not application.is_done and is_missing(card.patron_id, card.kind.deposit):
            return _unpaid(application, card, command, now)
        finish_card(FinishCard(application.pk), now)
        return _finished(application, command, now)


def _finished(application: Application, command: GiveUp, now: datetime) -> GivenUp:
    is_missing_print = application.wants_print and application.printed_at is None
    if is_missing_print and not command.for_good:
        _cut_off(application, now)
        return GivenUp(Left.TO_BE_PRINTED)
    forget(application)
    return GivenUp(Left.FINISHED)


def _unpaid(application: Application, card: Card, command: GiveUp, now: datetime) -> GivenUp:
    if not command.for_good:
        _cut_off(application, now)
        return GivenUp(Left.WAITING)
    device = application.device
    served = Served(branch_id=device.branch_id, device_id=device.pk, user_name=device.account)
    forget(application)
    patron = lock_patron(card.patron_id)
    if card.status != Card.Status.ISSUED or card.replaces_id is not None:  # a replacement stands for the card before
        return GivenUp(Left.FINISHED)
    step(card, patron, Card.Status.CLOSED, served, now)
    _close(patron, card, now)
    return GivenUp(Left.ENDED)


def _cut_off(application: Application, now: datetime) -> None:
    """Take an application out of its visit; only the same document finds it again (begin_application)."""
    application.visit = secrets.token_bytes(32)
    application.left_at = application.left_at or now
    application.save(update_fields=["visit", "left_at"])


def _close(patron: Patron, card: Card, now: datetime) -> None:
    """Close a patron who has nothing else here, and forget him at once who came for this card alone."""
    ended = (Card.Status.CLOSED, Card.Status.REPLACED)
    if patron.cards.exclude(status__in=ended).exists() or patron.loans.exists() or patron.holds.exists():
        return
    patron.closed_at = now
    patron.save(update_fields=["closed_at"])
    if patron.created_at == card.issued_at:
        forget_patron(patron)
