"""What the keeper of the city's card register can be asked and told, whoever it is. It answers; it never raises."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal


class PinSaid(StrEnum):
    """What the register says about a PIN. NONE: it knows none for this card."""

    NOT_ASKED = "not_asked"
    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CityAnswer:
    """A card as the register has it. `revision` grows with each change of it, `pin_version` with each new PIN.

    `kind` and `library` are codes; `person` is the hash under the shared key, empty when nothing ties the card to one.
    """

    number: str
    status: str
    kind: str
    library: str
    name: str
    revision: int
    library_name: str = ""
    library_name_en: str = ""
    birth_date: date | None = None
    expires_on: date | None = None
    deposit: Decimal = ZERO
    person: bytes = b""
    pin: PinSaid = PinSaid.NOT_ASKED
    pin_version: int = 0
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class NotThere:
    """The register was asked and knows no such card (or person)."""


@dataclass(frozen=True, slots=True)
class Away:
    """Nobody answered, or nothing that can be believed. A state, not an error.

    `broke_down`: the register did answer, that it had broken down over this very request.
    """

    reason: str
    broke_down: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What happened to a card, with the card as it stood then. `key` tells a repeat: the same key counts once.

    `verb` is one of models.Errand.Verb. `other`: the new number of a replaced card. `amount`: of a deposit.
    """

    key: str
    verb: str
    number: str
    kind: str
    library: str
    status: str
    name: str
    birth_date: date | None = None
    expires_on: date | None = None
    person: bytes = b""
    other: str = ""
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Accepted:
    """The register has taken a message down. `revision`: the highest of the cards that it concerned."""

    revision: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Cards as they are after changes up to number `read_to`. `is_all`: there are no more."""

    read_to: int
    cards: Sequence[CityAnswer] = field(default_factory=tuple)
    is_all: bool = True


class CardAuthority(Protocol):
    """Who keeps the register of joint cards. Only a remote one (`is_here` false) uses the network."""

    @property
    def is_here(self) -> bool:
        """Say whether the register is this very database."""

    def look_up(self, number: str, pin: str = "") -> CityAnswer | NotThere | Away:
        """Return a card. With `pin`: whether it is right too."""

    def look_for(self, person: bytes) -> CityAnswer | NotThere | Away:
        """Return the good card of a person."""

    def tell(self, message: Message) -> Accepted | Refusal | Away:
        """Tell what happened: registered, activated, lost, found, replaced, renewed, closed; deposit paid, refunded.

        Refuses with a code of its own books (card_number_used, patron_has_card, card_unknown, card_closed, …).
        """

    def changes(self, after: int) -> Changes | Away:
        """Return what has changed since change number `after`, whoever changed it. After -1: no card, and where it stands."""
