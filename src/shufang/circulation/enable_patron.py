"""Lifting the blocks of a patron. A terminal (SIP2's 25) lifts what terminals placed; staff lift all."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation.borrower import find_patron_id, lock_borrower, raise_revision
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.repeats import repeat_of_patron
from shufang.circulation.rules.placing_hold import identity_refusal
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Block


@dataclass(frozen=True, slots=True)
class EnablePatron:
    """Lift blocks; at a device only with the right PIN, where one was asked for."""

    card_number: str
    place: Place
    pin: PinCheck = PinCheck.NOT_ASKED
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class PatronEnabled:
    """`lifted` blocks are gone; `is_still_blocked`: one that staff placed still stands."""

    patron_id: int
    patron_revision: int
    lifted: int
    is_still_blocked: bool


def enable_patron(command: EnablePatron, now: datetime) -> PatronEnabled | Refusal | Repeated:
    """Lift. Refuses card_unknown, a card that is not good any more, pin_wrong, pin_locked."""
    with transaction.atomic():
        patron_id = find_patron_id(command.card_number)
        if patron_id is None:
            return Refusal("card_unknown", {"card_number": command.card_number})
        borrower = lock_borrower(command.card_number, patron_id)
        patron = borrower.patron
        again = repeat_of_patron(command.request, patron, now)
        if again is not None:
            return again
        refusal = identity_refusal(borrower.facts(command.pin))
        if refusal is not None:
            return refusal
        standing = Block.objects.filter(patron=patron, lifted_at__isnull=True)
        mine = standing if command.place.user_id is not None else standing.filter(placed_by_user_id__isnull=True)
        lifted = mine.update(lifted_at=now)
        return PatronEnabled(patron.pk, raise_revision(patron), lifted, standing.exists())
