"""The life of a card: which status may follow which, and why a card does not lend. The one transition table."""

from datetime import date

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card

_S = Card.Status

TRANSITIONS: dict[Card.Status, frozenset[Card.Status]] = {
    _S.ISSUED: frozenset({_S.ACTIVE, _S.LOST, _S.REPLACED, _S.EXPIRED, _S.CLOSED}),
    _S.ACTIVE: frozenset({_S.LOST, _S.REPLACED, _S.EXPIRED, _S.CLOSED}),
    _S.LOST: frozenset({_S.ACTIVE, _S.REPLACED, _S.CLOSED}),
    _S.EXPIRED: frozenset({_S.ACTIVE, _S.LOST, _S.REPLACED, _S.CLOSED}),
    _S.REPLACED: frozenset(),
    _S.CLOSED: frozenset(),
}

_REFUSALS = {
    _S.ISSUED: "card_not_active",
    _S.LOST: "card_lost",
    _S.REPLACED: "card_replaced",
    _S.EXPIRED: "card_expired",
    _S.CLOSED: "card_closed",
}


def may_become(old: Card.Status, new: Card.Status) -> bool:
    """Say whether a card may go from `old` to `new`."""
    return new in TRANSITIONS[old]


def transition_refusal(card: Card, new: Card.Status) -> Refusal | None:
    """Refuse a step that the table does not have, with the code of the status in which the card stands."""
    old = Card.Status(card.status)
    if may_become(old, new):
        return None
    return Refusal(_REFUSALS.get(old, "card_is_active"), {"status": old.value})


def is_expired(card: Card, today: date) -> bool:
    """Say whether a card's last day has passed, whether or not the nightly job has marked it. `today` is local."""
    return card.status == _S.EXPIRED or (card.expires_on is not None and card.expires_on < today)


def card_refusal(card: Card, today: date) -> Refusal | None:
    """Refuse a card that does not lend: card_not_active, card_lost, card_replaced, card_closed, card_expired."""
    code = _REFUSALS.get(Card.Status(card.status))
    if code is None and is_expired(card, today):
        code = "card_expired"
    return Refusal(code) if code else None
