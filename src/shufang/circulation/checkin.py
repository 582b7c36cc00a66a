"""Take an item back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shufang.branches.replies import RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.place import Place


@dataclass(frozen=True, slots=True)
class Checkin:
    """An item lies at a place. `returned_at` backdates the return (a terminal's is kept between borrowing and now).

    `happened_at` (no block): it was taken back while the line was down and is never refused.
    """

    barcode: str
    place: Place
    returned_at: datetime | None = None
    happened_at: datetime | None = None
    overrides: frozenset[str] = frozenset()
    reason: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """An item taken back and what becomes of it.

    `loan_id` is None when no loan stood. `patron_card` is the borrower's card, for the slip of this moment only.
    `alert` is SIP2's CV (01 hold here, 02 hold elsewhere, 04 another branch, 99 other), None: to its shelf.
    `destination_branch` is a code, None when it stays.
    """

    event_id: int
    item_id: int
    title_id: int
    title: str
    home_branch: str
    loan_id: int | None
    patron_card: str | None
    charge: Decimal
    alert: str | None
    hold_id: int | None
    destination_branch: str | None
    shelf: str
    call_number: str
    status: ItemStatus
    transit_id: int | None
    media_type: str
    conflict: str | None = None
