"""Agreeing to the terms and to what is kept about oneself, in the versions that are in force."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from shufang.kernel.refusal import Refusal
from shufang.registration.get_card.applications import locked, needs_guardian, touch
from shufang.registration.terms import in_force


@dataclass(frozen=True, slots=True)
class Agree:
    """`terms`: the ids of the texts that were shown and agreed to."""

    application_id: int
    terms: frozenset[int]


@dataclass(frozen=True, slots=True)
class Agreed:
    """How many texts."""

    count: int


def agree(command: Agree, now: datetime) -> Agreed | Refusal:
    """Agree. Refuses application_over, terms_not_agreed (one that is in force is missing, or a new one came meanwhile)."""
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        today = timezone.localdate(now)
        texts = in_force(today, for_minor=needs_guardian(application, today))
        if not {text.pk for text in texts} <= command.terms:
            return Refusal("terms_not_agreed")
        application.terms.set(texts)
        application.agreed_at = now
        touch(application, now, "agreed_at")
        return Agreed(len(texts))
