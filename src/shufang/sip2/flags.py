"""The two rows of letters in SIP2: patron status (14, blank or Y) and supported messages BX (16, Y or N)."""

from collections.abc import Collection
from enum import IntEnum


class PatronFlag(IntEnum):
    """Places in the patron status (3M SIP 2.00, "patron status"); Y means that it is so."""

    CHARGE_DENIED = 0
    RENEWAL_DENIED = 1
    RECALL_DENIED = 2
    HOLD_DENIED = 3
    CARD_LOST = 4
    TOO_MANY_CHARGED = 5
    TOO_MANY_OVERDUE = 6
    TOO_MANY_RENEWALS = 7
    TOO_MANY_CLAIMS_RETURNED = 8
    TOO_MANY_LOST = 9
    EXCESSIVE_FINES = 10
    EXCESSIVE_FEES = 11
    RECALL_OVERDUE = 12
    TOO_MANY_BILLED = 13


class Supported(IntEnum):
    """Places in BX (3M SIP 2.00, "supported messages")."""

    PATRON_STATUS = 0
    CHECKOUT = 1
    CHECKIN = 2
    BLOCK_PATRON = 3
    STATUS = 4
    RESEND = 5
    LOGIN = 6
    PATRON_INFORMATION = 7
    END_SESSION = 8
    FEE_PAID = 9
    ITEM_INFORMATION = 10
    ITEM_STATUS_UPDATE = 11
    PATRON_ENABLE = 12
    HOLD = 13
    RENEW = 14
    RENEW_ALL = 15


def patron_status(flags: Collection[PatronFlag]) -> str:
    """Return the 14 characters."""
    return "".join("Y" if place in flags else " " for place in PatronFlag)


def supported_messages(supported: Collection[Supported]) -> str:
    """Return the 16 letters of BX."""
    return "".join("Y" if place in supported else "N" for place in Supported)
