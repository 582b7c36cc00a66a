"""Somebody lays his document on the reader who has a card and has lost it: it stops, and he gets a new one at once."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.registration.get_card.applications import locked, touch
from shufang.registration.get_card.begin import card_of_person
from shufang.registration.models import Application, CardOffer
from shufang.registration.number_ranges import take_number
from shufang.registration.replace_card import CardReplaced, ReplaceCard, replace_card
from shufang.registration.report_lost import ReportLost, report_lost
from shufang.registration.served import Served


@dataclass(frozen=True, slots=True)
class ReplaceLost:
    """The application of a person whose card is known here."""

    application_id: int
    wants_print: bool = False


@dataclass(frozen=True, slots=True)
class LostReplaced:
    """The new card, and what is charged for it."""

    card_id: int
    number: str
    fee: Decimal


def replace_lost(command: ReplaceLost, now: datetime) -> LostReplaced | Refusal:
    """Report the card lost and replace it, in one transaction, once. Refuses application_over, card_unknown (he has none),
    card_not_active, card_of_another_library, numbers_used_up, and what replace_card refuses. Loans, holds, deposit and
    PIN stay; the fee is that of the card's kind here.
    """
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        if application.card is not None and application.card.replaces_id is not None:
            return LostReplaced(application.card.pk, application.card.number, fee_of(application, application.card))
        done = _replace(application, command, now)
        if isinstance(done, Refusal):
            transaction.set_rollback(True)
        return done


def fee_of(application: Application, card: Card) -> Decimal:
    """Return what a new card of this kind costs at this machine's library. One query."""
    library_id = application.device.branch.library_id
    fee = CardOffer.objects.filter(library_id=library_id, kind_id=card.kind_id).values_list(
        "replacement_fee", flat=True
    )
    return fee.first() or ZERO


def _replace(application: Application, command: ReplaceLost, now: datetime) -> LostReplaced | Refusal:
    device = application.device
    card = card_of_person(application.document, timezone.localdate(now))
    if card is None:
        return Refusal("card_unknown")
    if card.status == Card.Status.ISSUED:
        return Refusal("card_not_active")
    if card.library_id != device.branch.library_id:
        return Refusal("card_of_another_library", {"library": card.library.name, "library_en": card.library.name_en})
    taken = take_number(device.branch.library_id, device.pk)
    if isinstance(taken, Refusal):
        return taken
    served = Served(branch_id=device.branch_id, device_id=device.pk, user_name=device.account)
    if card.status != Card.Status.LOST:
        lost = report_lost(ReportLost(card.number, served), now)
        if isinstance(lost, Refusal):
            return lost
    fee = fee_of(application, card)
    done = replace_card(ReplaceCard(card.number, taken.number, fee, served), now)
    if isinstance(done, Refusal):
        return done
    return _keep(application, command, done, taken.number, fee, now)


def _keep(
    application: Application, command: ReplaceLost, done: CardReplaced, number: str, fee: Decimal, now: datetime
) -> LostReplaced:
    application.card_id = done.card_id
    application.is_done = done.status == Card.Status.ACTIVE
    application.wants_print = command.wants_print
    touch(application, now, "card", "is_done", "wants_print")
    return LostReplaced(done.card_id, number, fee)
