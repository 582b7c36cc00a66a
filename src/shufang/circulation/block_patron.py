"""Blocking a patron by hand, or by a terminal that kept the card (SIP2's 01)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation.borrower import find_patron_id, lock_borrower, raise_revision
from shufang.circulation.place import Place
from shufang.circulation.repeats import repeat_of_patron
from shufang.kernel.refusal import Refusal
from shufang.kernel.texts import storable
from shufang.patrons.models import Block


@dataclass(frozen=True, slots=True)
class BlockPatron:
    """`reason` is AL of message 01 or what staff write; `card_retained`: the terminal kept the card."""

    card_number: str
    reason: str
    place: Place
    card_retained: bool = False
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class PatronBlocked:
    """The block that stands now."""

    block_id: int
    patron_id: int
    patron_revision: int


def block_patron(command: BlockPatron, now: datetime) -> PatronBlocked | Refusal | Repeated:
    """Block. Refuses card_unknown. A second block stands beside the first; each is lifted by itself or all at once."""
    with transaction.atomic():
        patron_id = find_patron_id(command.card_number)
        if patron_id is None:
            return Refusal("card_unknown", {"card_number": command.card_number})
        patron = lock_borrower(command.card_number, patron_id).patron
        again = repeat_of_patron(command.request, patron, now)
        if again is not None:
            return again
        block = Block.objects.create(
            patron=patron,
            reason=storable(command.reason)[:255],
            placed_at=now,
            placed_by_user_id=command.place.user_id,
            placed_by_device_id=command.place.device_id,
            card_retained=command.card_retained,
        )
        return PatronBlocked(block.pk, patron.pk, raise_revision(patron))
