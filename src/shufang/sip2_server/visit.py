"""One reader's visit at a machine: the language and the right PIN that count for his next messages."""

from time import monotonic

from shufang.circulation.place import PinCheck
from shufang.sip2_server.operation import Outcome

VISIT_SECONDS = 120.0
"""A right PIN is remembered so long for the card's next messages without one (AD is optional in most)."""
FRESH_SECONDS = 3.0
"""So long a PIN that was right is not looked up again for the visit's next book; its version is still compared."""


class Visit:
    """What is remembered of the card that came last; another card, or the end of the session, forgets it."""

    __slots__ = ("_card", "_fresh_until", "_pin", "_pin_version", "_right_until", "language")

    def __init__(self) -> None:
        self._pin_version: int | None = None
        self.forget()

    def forget(self) -> None:
        """Know nothing any more."""
        self._card = self.language = ""
        self._forget_pin()

    def of(self, card: str) -> None:
        """Go on with a card's visit, or begin one; a message without a card changes nothing."""
        if card and card != self._card:
            self.forget()
            self._card = card

    def is_fresh(self, pin: str) -> bool:
        """Say whether this PIN was right a moment ago."""
        return pin == self._pin and self._fresh_until > monotonic()

    @property
    def pin(self) -> PinCheck:
        """Say whether a right PIN was given in this visit; WRONG when it was not."""
        return PinCheck.RIGHT if self._right_until > monotonic() else PinCheck.WRONG

    @property
    def pin_version(self) -> int | None:
        """Return the version of the right PIN."""
        return self._pin_version

    def remember(self, outcome: Outcome) -> None:
        """Keep the language and the right PIN of a message, unless the card has another PIN by now."""
        if outcome.language:
            self.language = outcome.language
        if outcome.code == "pin_wrong":
            self._forget_pin()
            return
        if outcome.checked_pin:
            self._pin, self._pin_version = outcome.checked_pin, outcome.pin_version
            self._fresh_until = monotonic() + FRESH_SECONDS
        if outcome.pin is PinCheck.RIGHT:
            self._right_until = monotonic() + VISIT_SECONDS

    def _forget_pin(self) -> None:
        self._pin, self._pin_version = "", None
        self._right_until = self._fresh_until = 0.0
