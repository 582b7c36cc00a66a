"""No block: what a terminal did while the line was down is recorded, never refused; what contradicts the books is kept.

A `Conflict` row lies before staff until it is settled; it alone may name the card and the barcode the terminal sent, the
card for SHUFANG_CONFLICT_DAYS at most.
"""

from dataclasses import dataclass
from datetime import datetime

from shufang.circulation.models import Conflict
from shufang.circulation.place import Place
from shufang.kernel.texts import storable


@dataclass(frozen=True, slots=True)
class Reported:
    """A no-block report that could change nothing (an unknown card, a book lent on since …): it lies before staff.

    `conflict` is the code of the refusal that would have been given. Item, title and due date as far as they are known.
    """

    conflict_id: int
    event_id: int
    conflict: str
    item_id: int | None = None
    patron_id: int | None = None
    title: str = ""
    due_at: datetime | None = None


def record_conflict(
    verb: str,
    code: str,
    place: Place,
    happened_at: datetime,
    now: datetime,
    *,
    card_number: str = "",
    barcode: str = "",
) -> int:
    """Put a conflict before staff, in the caller's transaction; return its id. Texts are cut to what the row holds."""
    conflict = Conflict.objects.create(
        at=now,
        device_id=place.device_id,
        branch_id=place.branch_id,
        verb=verb,
        code=code[:40],
        happened_at=happened_at,
        card_number=storable(card_number)[:60],
        barcode=storable(barcode)[:60],
    )
    return conflict.pk
