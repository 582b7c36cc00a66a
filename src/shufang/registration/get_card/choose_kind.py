"""Choosing the kind of card and how to have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from shufang.kernel.refusal import Refusal
from shufang.patrons.guardians import age_on
from shufang.registration.get_card.applications import locked, touch
from shufang.registration.models import CardOffer


@dataclass(frozen=True, slots=True)
class ChooseKind:
    """One of the library's offers. `wants_print`: a plastic card; without, the card is on the phone alone."""

    application_id: int
    offer_id: int
    wants_print: bool = False


@dataclass(frozen=True, slots=True)
class KindChosen:
    """The offer that was taken."""

    offer_id: int


def offers_for(library_id: int, birth_date: date, today: date) -> Sequence[CardOffer]:
    """Return the kinds that a library's machines give to somebody of this age, in their order. One query."""
    rows = CardOffer.objects.select_related("kind").filter(library_id=library_id, is_enabled=True)
    return [offer for offer in rows.order_by("position", "id") if _age_refusal(offer, birth_date, today) is None]


def choose_kind(command: ChooseKind, now: datetime) -> KindChosen | Refusal:
    """Choose. Refuses application_over, card_kind_unknown (not on offer here), card_kind_too_young, card_kind_too_old."""
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        library_id = application.device.branch.library_id
        offer = CardOffer.objects.select_related("kind").filter(
            pk=command.offer_id, library_id=library_id, is_enabled=True
        )
        chosen = offer.first()
        if chosen is None:
            return Refusal("card_kind_unknown")
        today = timezone.localdate(now)
        refusal = _age_refusal(chosen, application.document.birth_date, today)
        if refusal is not None:
            return refusal
        application.offer = chosen
        application.wants_print = command.wants_print and chosen.can_be_printed
        touch(application, now, "offer", "wants_print")
        return KindChosen(chosen.pk)


def _age_refusal(offer: CardOffer, birth_date: date, today: date) -> Refusal | None:
    kind, age = offer.kind, age_on(birth_date, today)
    if kind.least_age is not None and age < kind.least_age:
        return Refusal("card_kind_too_young", {"least_age": kind.least_age})
    if kind.most_age is not None and age > kind.most_age:
        return Refusal("card_kind_too_old", {"most_age": kind.most_age})
    return None
