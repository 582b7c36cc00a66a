"""Undo a checkin that a terminal could not finish (SIP2 11 with BI=Y)."""

from dataclasses import dataclass
from datetime import datetime

from shufang.branches.replies import RequestKey
from shufang.circulation.place import Place


@dataclass(frozen=True, slots=True)
class CancelCheckin:
    """The return of the last minutes at this branch, by this card, did not come about."""

    card_number: str
    barcode: str
    place: Place
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class CheckinCancelled:
    """The loan is open again with its old due date. The fields of `CheckedOut`."""

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
