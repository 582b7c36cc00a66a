"""Lend an item to a reader."""

from dataclasses import dataclass
from datetime import datetime

from shufang.branches.replies import RequestKey
from shufang.circulation.place import PinCheck, Place


@dataclass(frozen=True, slots=True)
class Checkout:
    """A reader takes an item. `happened_at` (no block): it has happened while the line was down and is never refused.

    `may_renew`: an item that is already on loan to this reader is renewed. `due_at` counts with no block and from staff.
    `overrides`: codes of refusals that staff set aside, for `reason`.
    """

    card_number: str
    barcode: str
    place: Place
    pin: PinCheck = PinCheck.NOT_ASKED
    may_renew: bool = True
    happened_at: datetime | None = None
    due_at: datetime | None = None
    overrides: frozenset[str] = frozenset()
    reason: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """A loan made or renewed. `renewal_ok`: policy would renew it. `conflict`: a no-block report that contradicts."""

    loan_id: int
    event_id: int
    item_id: int
    patron_id: int
    patron_revision: int
    title_id: int
    title: str
    due_at: datetime
    is_renewal: bool
    renewal_ok: bool
    material: str
    conflict: str | None = None
