"""Lengthen a loan."""

from dataclasses import dataclass
from datetime import datetime

from shufang.branches.replies import RequestKey
from shufang.circulation.place import PinCheck, Place


@dataclass(frozen=True, slots=True)
class Renew:
    """A reader keeps an item (by barcode, or his one loan of a title) longer. See `Checkout` for the other fields.

    `third_party`: somebody else renews with the reader's card; it changes nothing here and is told in the event.
    """

    card_number: str
    place: Place
    barcode: str = ""
    title_id: int | None = None
    pin: PinCheck = PinCheck.NOT_ASKED
    third_party: bool = False
    happened_at: datetime | None = None
    due_at: datetime | None = None
    overrides: frozenset[str] = frozenset()
    reason: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """A loan renewed; the fields of `CheckedOut` and the barcode."""

    loan_id: int
    event_id: int
    item_id: int
    barcode: str
    patron_id: int
    patron_revision: int
    title_id: int
    title: str
    due_at: datetime
    is_renewal: bool
    renewal_ok: bool
    material: str
    conflict: str | None = None
