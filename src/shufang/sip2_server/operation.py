"""One request on its way: its PIN checked, then carried out in a transaction of the engine's, or beside all of them."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from shufang.branches.models import OnceKey
from shufang.branches.replies import WINDOW_OF_NO_BLOCK, Repeated, RequestKey, keep_reply
from shufang.circulation import no_block
from shufang.circulation.place import PinCheck
from shufang.kernel.refusal import Refusal
from shufang.patrons.pin import check_version
from shufang.registration.city_cards.know_card import Known, know_card, must_ask
from shufang.sip2.codec import Message, encode
from shufang.sip2_server.asked import Asked, Kept
from shufang.sip2_server.handlers.handler import Handler, Way

PLEASE_RESEND = b"96"
CENTRE_AWAY = Refusal("card_centre_away")
NOT_NOW = Refusal("not_now")
"""Nothing was done, for a reason that is not the reader's; he may try again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reply without AY and AZ; for the log and the session: the refusal's code, whether it was a repeat, what came of the PIN.

    `checked_pin` is the PIN itself when it was found right just now, in its version `pin_version`; the session keeps both
    for a few seconds of the visit.
    """

    body: bytes
    code: str = ""
    is_repeat: bool = False
    language: str = ""
    pin: PinCheck = PinCheck.NOT_ASKED
    checked_pin: str = field(default="", repr=False)
    pin_version: int | None = None


class Operation:
    """A message with its handler and its circumstances. Made by the loop, carried out by a thread of the engine."""

    __slots__ = ("_asked", "_handler", "_message", "_pin", "_right_pin")

    def __init__(self, handler: Handler[Message], message: Message, asked: Asked, pin: tuple[str, str] | None) -> None:
        self._handler = handler
        self._message = message
        self._asked = asked
        self._pin = pin
        self._right_pin = ""

    @property
    def handler(self) -> Handler[Message]:
        """Return the message's handler."""
        return self._handler

    @property
    def needs_pin_check(self) -> bool:
        """Say whether there is a PIN to check, before any transaction and not on the writer's thread."""
        return self._pin is not None

    def knows_card(self) -> bool:
        """Say whether the message's card is here, with its PIN, or cannot be asked for in the city. At most one query."""
        return not must_ask(card_of(self._message), self._given_pin)

    def ask_for_card(self) -> Outcome | None:
        """Ask the city for a card that is unknown here, before any transaction; an outcome where nobody answered.

        What has happened is recorded all the same.
        """
        known = know_card(card_of(self._message), self._given_pin, self._place_key, self._asked.now)
        request = self._asked.request
        has_happened = request is not None and request.is_no_block
        return self.refuse(CENTRE_AWAY) if known is Known.AWAY and not has_happened else None

    @property
    def _place_key(self) -> str:
        return f"device:{self._asked.terminal.device_id}"

    @property
    def _given_pin(self) -> str:
        return self._pin[1] if self._pin is not None else ""

    def check_pin(self) -> None:
        """Find out whether the PIN is right. At most one query, outside of transactions."""
        if self._pin is None:
            return
        card_number, pin = self._pin
        found, version = check_version(card_number, pin, self._place_key, self._asked.now)
        self._asked = replace(self._asked, pin=found, pin_version=version)
        self._pin = None
        self._right_pin = pin if found is PinCheck.RIGHT else ""

    def carry_out(self, now: datetime | None = None) -> Outcome:
        """Do it and write the reply; what was changed keeps its reply in the same transaction. `now`: it waited."""
        asked = self._asked if now is None else self._asked.later(now)
        terminal = asked.terminal
        if not self._handler.reads_language and self._handler.way is not Way.HERE:
            asked = asked.speaking_to(card_of(self._message))
        done = self._handler.answer(self._message, asked)
        if isinstance(done, Repeated):
            return self._outcome(asked, done.reply or self._acknowledged(asked), is_repeat=True)
        body = encode(done.reply, terminal.encoding, terminal.dialect)
        if asked.request is not None and not done.is_refusal:
            _keep(asked.request, done.kept, body, asked.now)
        return self._outcome(asked, body, done.code, done.language)

    def _outcome(
        self, asked: Asked, body: bytes, code: str = "", language: str = "", *, is_repeat: bool = False
    ) -> Outcome:
        return Outcome(body, code, is_repeat, language, asked.pin, self._right_pin, asked.pin_version)

    def _acknowledged(self, asked: Asked) -> bytes:
        acknowledge = self._handler.acknowledge
        if acknowledge is None:
            return PLEASE_RESEND
        return encode(acknowledge(self._message, asked), asked.terminal.encoding, asked.terminal.dialect)

    def refuse(self, refusal: Refusal) -> Outcome:
        """Say no without doing anything."""
        asked = self._asked
        reply = self._handler.refuse(self._message, refusal, asked)
        return Outcome(encode(reply, asked.terminal.encoding, asked.terminal.dialect), refusal.code, pin=asked.pin)


def card_of(message: Message) -> str:
    """Return the card's number that a message names, "" for none."""
    patron: object = getattr(message, "patron", "")
    return patron if isinstance(patron, str) else ""


def _keep(request: RequestKey, kept: Kept | None, body: bytes, now: datetime) -> None:
    """Keep the reply for a repeat: of a no-block request by its bytes alone, of others with the item or patron."""
    if request.is_no_block:
        until = now + WINDOW_OF_NO_BLOCK
        OnceKey.objects.create(scope=no_block.SCOPE, key=request.key, at=now, until=until, reply=body)
    elif kept is not None:
        keep_reply(kept.subject, kept.subject_id, request, kept.marker, body, now)
