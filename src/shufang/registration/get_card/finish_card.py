"""The deposit has come: the card begins to lend. Whether the person still stands there or a job does it makes no odds."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.registration.activate_card import ActivateCard, activate_card
from shufang.registration.get_card.applications import locked, touch
from shufang.registration.served import Served


@dataclass(frozen=True, slots=True)
class FinishCard:
    """An application whose card is made."""

    application_id: int


@dataclass(frozen=True, slots=True)
class CardFinished:
    """The card lends."""

    card_id: int


def finish_card(command: FinishCard, now: datetime) -> CardFinished | Refusal:
    """Finish, once however often it is asked for. Refuses application_over, application_incomplete, deposit_missing."""
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        card = application.card
        if card is None:
            return Refusal("application_incomplete")
        if application.is_done:
            return CardFinished(card.pk)
        device = application.device
        served = Served(branch_id=device.branch_id, device_id=device.pk, user_name=device.account)
        done = activate_card(ActivateCard(card.number, served), now)
        if isinstance(done, Refusal) and card.status != Card.Status.ACTIVE:
            return done
        application.is_done = True
        touch(application, now, "is_done")
        return CardFinished(card.pk)


@dataclass(frozen=True, slots=True)
class CardPrinted:
    """The machine's printer has given a plastic card out."""

    application_id: int


def card_printed(command: CardPrinted, now: datetime) -> CardFinished | Refusal:
    """Write it down. Refuses application_over, application_incomplete (there is nothing to print yet)."""
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        if application.card is None or not application.is_done:
            return Refusal("application_incomplete")
        application.printed_at = application.printed_at or now
        touch(application, now, "printed_at")
        return CardFinished(application.card.pk)
