"""Signing in with card number and PIN, by no more tries than an honest reader needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shufang.kernel.numbers import as_number
from shufang.kernel.refusal import Refusal
from shufang.patrons import sessions
from shufang.patrons.models import Patron
from shufang.patrons.pin import check_pin
from shufang.patrons.pin_check import PinCheck
from shufang.patrons.tries import count_try, tries_of

MOST_OF_AN_ADDRESS = 60
"""Wrong PINs of one address over all cards; readers in a study share one."""
WITHIN = timedelta(minutes=15)
_WRONG = "wrong_pins"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Card number and PIN as typed. `address` is the visitor's, as `address:…`."""

    card_number: str
    pin: str
    address: str
    is_own_device: bool = False
    browser: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and the token for the cookie."""

    patron: Patron
    token: str


def sign_in(command: SignIn, now: datetime) -> SignedIn | Refusal:
    """Open a session. Refuses sign_in_wrong (whatever is wrong, known card or not) and sign_in_too_often.

    Any card that ever was the reader's names him, also a lost or replaced one: the PIN is what shows who he is.
    """
    if tries_of(_WRONG, command.address, WITHIN, now) >= MOST_OF_AN_ADDRESS:
        return Refusal("sign_in_too_often", {"minutes": int(WITHIN.total_seconds() // 60)})
    checked = check_pin(command.card_number, command.pin, command.address, now)
    if checked == PinCheck.LOCKED:
        return Refusal("sign_in_too_often", {"minutes": int(WITHIN.total_seconds() // 60)})
    number = as_number(command.card_number)
    patron = Patron.objects.filter(cards__number=number, closed_at__isnull=True).first()
    if checked != PinCheck.RIGHT or patron is None:
        count_try(_WRONG, command.address, WITHIN, now)
        return Refusal("sign_in_wrong")
    token = sessions.start(patron, now, is_own_device=command.is_own_device, browser=command.browser)
    return SignedIn(patron, token)
