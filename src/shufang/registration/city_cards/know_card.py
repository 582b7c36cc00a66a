"""Before a verb, and before any transaction: a card of another library that is unknown here is asked for in the city.

The hot path never waits for it: a card that is here is decided on by its own row, however old that is.
"""

from datetime import datetime
from enum import StrEnum

from shufang.kernel.numbers import as_number
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card, Patron
from shufang.patrons.pin import hash_pin, is_locked, keep_pin
from shufang.registration.authority import city
from shufang.registration.authority.chosen import is_local
from shufang.registration.authority.interface import Away, CityAnswer, NotThere, PinSaid
from shufang.registration.city_cards.adopt import adopt
from shufang.registration.city_cards.not_there import NotThereLately

_not_there = NotThereLately()


class Known(StrEnum):
    """What is known of a card now. AWAY: not here, and the centre did not answer."""

    HERE = "here"
    ADOPTED = "adopted"
    NOWHERE = "nowhere"
    AWAY = "away"
    REFUSED = "refused"


def know_card(number: str, pin: str, place_key: str, now: datetime) -> Known:
    """Make sure that a card which the city knows is known here. One query for a card that is; no more with a local register.

    With `pin`, one that is set elsewhere and not yet known here is asked for too, and kept when it is right; never while
    the card is locked at this place (`place_key` as for patrons/pin.py), so that nobody guesses through us. A number that
    nobody knew is not asked for again for a minute.
    """
    if is_local() or not number:
        return Known.HERE
    number = as_number(number)
    if pin and is_locked(number, place_key, now):
        pin = ""
    known = _known_here(number, pin)
    return _asked(number, pin, now, is_here=_is_here(number)) if known is None else known


def must_ask(number: str, pin: str) -> bool:
    """Say whether the city must be asked, which takes its time. At most one query."""
    return not is_local() and bool(number) and _known_here(as_number(number), pin) is None


def _known_here(number: str, pin: str) -> Known | None:
    """Return what can be said without asking: the card is here, with a PIN if one was given, or was nowhere lately."""
    found = Card.objects.filter(number=number).values_list("city__is_of_another", "patron__pin_hash").first()
    if found is None:
        return Known.NOWHERE if _not_there.knows(number) else None
    is_of_another, pin_hash = found
    return None if is_of_another and pin and not pin_hash else Known.HERE


def _is_here(number: str) -> bool:
    return Card.objects.filter(number=number).exists()


def _asked(number: str, pin: str, now: datetime, *, is_here: bool) -> Known:
    answer = city.look_up(number, pin, now)
    match answer:
        case Away():
            return Known.HERE if is_here else Known.AWAY
        case NotThere():
            _not_there.remember(number)
            return Known.HERE if is_here else Known.NOWHERE
        case CityAnswer():
            card = adopt(answer, now)
    if isinstance(card, Refusal):
        return Known.REFUSED
    if pin and answer.pin is PinSaid.RIGHT:
        keep_pin(Patron.objects.get(pk=card.patron_id), hash_pin(pin))
    return Known.HERE if is_here else Known.ADOPTED
