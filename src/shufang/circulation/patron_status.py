"""How a reader stands: what SIP2's 24, 26 and 64, the kiosk and the desk show."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shufang.circulation.place import PinCheck
from shufang.kernel.refusal import Refusal


class ItemList(StrEnum):
    """The lists of SIP2's patron information summary."""

    HOLD = "hold"
    OVERDUE = "overdue"
    CHARGED = "charged"
    FINE = "fine"
    RECALL = "recall"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Privileges:
    """The fourteen positions of SIP2's patron status, in its order; True says denied, lost or too many."""

    charge_denied: bool = False
    renewal_denied: bool = False
    recall_denied: bool = False
    hold_denied: bool = False
    card_lost: bool = False
    too_many_charged: bool = False
    too_many_overdue: bool = False
    too_many_renewals: bool = False
    too_many_claims_returned: bool = False
    too_many_lost: bool = False
    excessive_fines: bool = False
    excessive_fees: bool = False
    recall_overdue: bool = False
    too_many_billed: bool = False


@dataclass(frozen=True, slots=True)
class PatronStatus:
    """How a reader stands. With an unknown card everything is empty and `is_known` False.

    `refusal` is the first reason why this card may not borrow now, None when it may. Without a right PIN where one was
    asked the face shows nothing but the privileges.
    """

    is_known: bool
    privileges: Privileges
    refusal: Refusal | None
    pin: PinCheck
    card_number: str
    card_status: str = ""
    card_kind: str = ""
    card_kind_name: str = ""
    card_kind_name_en: str = ""
    expires_on: date | None = None
    patron_id: int | None = None
    patron_revision: int = 0
    name: str = ""
    language: str = ""
    holds: int = 0
    overdue: int = 0
    charged: int = 0
    fines: int = 0
    recalls: int = 0
    unavailable: int = 0
    hold_limit: int | None = None
    charged_limit: int | None = None
    overdue_limit: int | None = None
    owed: Decimal = Decimal("0.00")
    charges_limit: Decimal | None = None
    currency: str = "CNY"
    email: str = ""
    phone: str = ""
    address: str = ""
    birth_date: date | None = None
    pin_must_change: bool = False


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One line of a list; `text` is a barcode, else (a hold without item) the title."""

    text: str
    barcode: str
    title: str
