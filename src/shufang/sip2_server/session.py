"""What stands between a terminal's lines and the handlers: login, resend, PIN and language of the patron at the machine.

No sockets and no threads here: the connection calls `receive` for one line at a time and gets one reply for it.
"""

import secrets
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from django.conf import settings

from shufang.branches.replies import RequestKey
from shufang.circulation.place import PinCheck
from shufang.kernel import clock
from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.refusal import Refusal
from shufang.sip2.codec import Message, Received, decode, encode, seal
from shufang.sip2.dialects import UNKNOWN
from shufang.sip2.errors import DecodingError, Fault
from shufang.sip2.replies import LoginReply
from shufang.sip2.requests import CheckinRequest, CheckoutRequest, EndSessionRequest, LoginRequest, RenewRequest
from shufang.sip2_server import login
from shufang.sip2_server.asked import LANGUAGES, Asked
from shufang.sip2_server.handlers.handler import Handler, Way
from shufang.sip2_server.handlers.table import HANDLERS
from shufang.sip2_server.operation import PLEASE_RESEND, Operation, Outcome, card_of
from shufang.sip2_server.terminal import STRANGER, Terminal
from shufang.sip2_server.visit import Visit

if TYPE_CHECKING:
    from asyncio import Future

    from shufang.sip2_server.hub import Hub

PROCESS = secrets.token_hex(4)
"""Tells connections of this process from those of an earlier one, which had the same numbers."""
MOST_FAILED_LOGINS = 3
MOST_FAULTS = 20
"""Damaged or strange messages in a row after which the line is closed."""
NOT_LOGGED_IN = Refusal("not_logged_in")


class Session:
    """One connection's conversation."""

    __slots__ = (
        "_faults",
        "_hub",
        "_is_ended",
        "_is_recognised",
        "_last_reply",
        "_logins",
        "_reply",
        "_uses_checksums",
        "_visit",
        "address",
        "before_login",
        "is_over",
        "name",
        "terminal",
    )

    def __init__(
        self, hub: "Hub", number: int, address: str, reply: Callable[[bytes], None], *, before_login: bool
    ) -> None:
        self._hub = hub
        self._reply = reply
        self.name = f"{PROCESS}:{number}"
        self.address = address
        self.before_login = before_login
        self.terminal = STRANGER
        self.is_over = False
        self._is_ended = self._is_recognised = False
        self._faults = self._logins = 0
        self._last_reply = b""
        self._uses_checksums = False
        self._visit = Visit()

    def receive(self, line: bytes) -> None:
        """Answer one line; the reply is handed to the connection now or later, exactly once."""
        began = perf_counter()
        terminal = self.terminal
        try:
            received = decode(line, terminal.encoding, terminal.dialect)
        except DecodingError as error:
            self._refuse_line(line, error.fault, began)
            return
        code = line[:2].decode("ascii")
        self._uses_checksums = received.has_checksum
        if code == "97":
            self._resend(received, began)
        elif isinstance(received.message, LoginRequest):
            self._log_in(received, received.message, began)
        elif (handler := HANDLERS.get(code)) is None:
            self._refuse_line(line, Fault.UNKNOWN_CODE, began)
        elif terminal is STRANGER and not self._is_recognised:
            self._recognise(handler, received, began)
        else:
            self._answer(handler, received, began)

    def _refuse_line(self, line: bytes, fault: Fault, began: float) -> None:
        self._faults += 1
        self.is_over = self._faults >= MOST_FAULTS
        self._hub.board.faults[fault.value] += 1
        with_checksum = self._uses_checksums or fault is Fault.BAD_CHECKSUM
        dialect = self.terminal.dialect
        code = line[:2].decode("ascii", "replace")
        self._log(code if code.isalnum() else "??", PLEASE_RESEND, fault.value, began)
        self._reply(seal(PLEASE_RESEND, dialect=dialect, with_checksum=with_checksum))

    def _resend(self, received: Received, began: float) -> None:
        self._faults = 0
        self._log("97", self._last_reply or PLEASE_RESEND, "", began)
        if self._last_reply:
            self._reply(self._last_reply)
        else:
            self._reply(seal(PLEASE_RESEND, dialect=self.terminal.dialect, with_checksum=received.has_checksum))

    def _log_in(self, received: Received, request: LoginRequest, began: float) -> None:
        def finish(future: "Future[Terminal | None]") -> None:
            terminal = future.result() if future.exception() is None else None
            self.become(terminal or STRANGER)
            self._logins = 0 if terminal else self._logins + 1
            self.is_over = self._logins >= MOST_FAILED_LOGINS
            self._finish(received, encode(LoginReply(terminal is not None)), "" if terminal else "login_wrong", began)

        address = self.address
        self._hub.engine.ask(lambda: login.log_in(request, address)).add_done_callback(finish)

    def _recognise(self, handler: Handler[Message], received: Received, began: float) -> None:
        """Look once whether an account is bound to this address, then go on."""

        def finish(future: "Future[Terminal | None]") -> None:
            if future.exception() is None:
                self._is_recognised = True
                self.become(future.result() or STRANGER)
                if self.terminal is not STRANGER:
                    self._again(received, began)
                    return
            self._answer(handler, received, began)

        address = self.address
        self._hub.engine.ask(lambda: login.recognise(address)).add_done_callback(finish)

    def _again(self, received: Received, began: float) -> None:
        """Read the message once more, now that the account's encoding is known (the checksum has been seen)."""
        try:
            body = decode(received.body, self.terminal.encoding, self.terminal.dialect)
        except DecodingError as error:  # what stands before AY ends like another trailer
            self._refuse_line(received.body, error.fault, began)
            return
        code = received.body[:2].decode("ascii")
        again = Received(body.message, received.body, received.sequence, received.has_checksum)
        self._answer(HANDLERS[code], again, began)

    def _answer(self, handler: Handler[Message], received: Received, began: float) -> None:
        message = received.message
        asked, pin = self._circumstances(handler, received)
        operation = Operation(handler, message, asked, pin)
        if self.terminal is STRANGER:
            is_status = received.body[:2] == b"99"
            if not (is_status and self.before_login):
                self._faults += 1
                self.is_over = self._faults >= MOST_FAULTS
                self._conclude(received, operation.refuse(NOT_LOGGED_IN), began)
                return
        else:
            self._faults = 0
        if isinstance(message, EndSessionRequest):
            self._visit.forget()
        if handler.way is Way.HERE:
            self._conclude(received, operation.carry_out(), began)
            return

        def finish(future: "Future[Outcome]") -> None:
            self._conclude(received, future.result(), began)

        self._hub.engine.submit(operation).add_done_callback(finish)

    def _circumstances(self, handler: Handler[Message], received: Received) -> tuple[Asked, tuple[str, str] | None]:
        """Return what the handler is told, and the card and PIN that have to be checked before."""
        terminal, message = self.terminal, received.message
        card, pin = handler.card_and_pin(message) if handler.card_and_pin else (card_of(message), "")
        self._visit.of(card)
        chosen = LANGUAGES.get(getattr(message, "language", ""), "") or self._visit.language
        language = chosen or terminal.language or settings.LANGUAGE_CODE
        check, found = None, PinCheck.NOT_ASKED
        if handler.card_and_pin and not _has_happened(message):
            if pin and handler.sees_pin_version and self._visit.is_fresh(pin):
                found = PinCheck.RIGHT
            elif pin:
                check = (card, pin)
            elif terminal.needs_pin:
                found = self._visit.pin
        version = self._visit.pin_version if found is PinCheck.RIGHT else None
        key = self._key(received, handler, message)
        asked = Asked(terminal, clock.now(), language, found, key, is_chosen=bool(chosen), pin_version=version)
        return asked, check

    def _key(self, received: Received, handler: Handler[Message], message: Message) -> RequestKey | None:
        if handler.way is not Way.CHANGE:
            return None
        account = self.terminal.account.encode()
        digest = keyed_hash(settings.SHUFANG_LOG_KEY, b"sip2 request", account, received.body)
        return RequestKey(digest, self.name, received.sequence, is_no_block=_is_no_block(message))

    def _conclude(self, received: Received, outcome: Outcome, began: float) -> None:
        self._visit.remember(outcome)
        self._finish(received, outcome.body, outcome.code, began, is_repeat=outcome.is_repeat)

    def _finish(self, received: Received, body: bytes, code: str, began: float, *, is_repeat: bool = False) -> None:
        terminal = self.terminal
        line = seal(
            body,
            terminal.encoding,
            terminal.dialect,
            sequence=received.sequence,
            with_checksum=received.has_checksum,
        )
        if body != PLEASE_RESEND:
            self._last_reply = line
        request = received.body[:2].decode("ascii")
        handler = HANDLERS.get(request)
        card = card_of(received.message) if handler is None or not handler.has_item else ""
        seconds = self._count(request, code, began, is_repeat=is_repeat)
        self._reply(line)  # the terminal does not wait for the log
        self._write_log(request, body, code, seconds, is_repeat=is_repeat, card=card)

    def _log(self, request: str, body: bytes, code: str, began: float) -> None:
        self._write_log(request, body, code, self._count(request, code, began))

    def _count(self, request: str, code: str, began: float, *, is_repeat: bool = False) -> float:
        seconds = perf_counter() - began
        self._hub.board.count(request, seconds, is_refusal=bool(code), is_repeat=is_repeat)
        return seconds

    def _write_log(
        self, request: str, body: bytes, code: str, seconds: float, *, is_repeat: bool = False, card: str = ""
    ) -> None:
        self._hub.log.write(
            clock.now(),
            self.name,
            self.terminal.account,
            self.address,
            request,
            body[:2].decode("ascii", "replace"),
            code,
            seconds,
            is_repeat=is_repeat,
            card=card,
        )

    def become(self, terminal: Terminal) -> None:
        """Speak for another account from now on (or for none, after a failed login).

        A login that is found right after its line has closed makes no session.
        """
        if self._is_ended:
            return
        sessions = self._hub.board.sessions
        if self.terminal is not STRANGER:
            sessions[self.terminal.account] -= 1
        if terminal is not STRANGER:
            sessions[terminal.account] += 1
        self.terminal = terminal
        self._visit.forget()

    def end(self) -> None:
        """The line is closed."""
        self.become(STRANGER)
        self._is_ended = True

    @property
    def line_ends(self) -> bytes:
        """Return the bytes that end this terminal's lines."""
        return (UNKNOWN if self.terminal is STRANGER else self.terminal.dialect).line_ends


def _is_no_block(message: Message) -> bool:
    """BI=Y goes before no block: it undoes what the books know, and may come again in the same words."""
    if isinstance(message, CheckoutRequest | CheckinRequest):
        return message.no_block and not message.cancel
    return isinstance(message, RenewRequest) and message.no_block


def _has_happened(message: Message) -> bool:
    """No block and BI=Y speak of what is past: the patron is not asked again."""
    return _is_no_block(message) or bool(getattr(message, "cancel", None))
