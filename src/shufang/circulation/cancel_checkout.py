"""Undo a checkout that a terminal could not finish (SIP2 09 with BI=Y)."""

from dataclasses import dataclass

from shufang.branches.replies import RequestKey
from shufang.circulation.place import Place


@dataclass(frozen=True, slots=True)
class CancelCheckout:
    """The loan (or renewal) of the last minutes at this branch did not come about."""

    barcode: str
    place: Place
    card_number: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class CheckoutCancelled:
    """The item stands as before the checkout; no charge, no history."""

    event_id: int
    item_id: int
    title_id: int
    title: str
    material: str
