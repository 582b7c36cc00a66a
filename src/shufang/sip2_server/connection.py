"""One socket: bytes to lines, one line at a time to the session, replies back. Kept small: ten thousand may be idle."""

import asyncio
import socket
from typing import cast

from shufang.branches.devices import is_allowed
from shufang.sip2.errors import DecodingError
from shufang.sip2.framing import Framer
from shufang.sip2_server.hub import Hub
from shufang.sip2_server.session import Session
from shufang.sip2_server.terminal import STRANGER, Terminal

MOST_WAITING_LINES = 16
"""Lines that a terminal may send ahead of its replies; then it is not read until they are answered."""
MOST_UNREAD_BYTES = 64 * 1024
"""Replies that a terminal leaves unread; then it is cut off."""
KEEP_ALIVE = tuple(
    (int(getattr(socket, name)), value)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3))
    if hasattr(socket, name)
)
"""Seconds of silence, seconds between probes, probes; as far as this system has them."""
LONGEST_ANSWER = 120.0
"""Seconds after which a line whose reply never came is closed, so that a bug cannot keep it for ever."""


class Connection(asyncio.BufferedProtocol):
    """The protocol of one socket, TCP or TLS."""

    __slots__ = (
        "_address",
        "_before_login",
        "_framer",
        "_has_ended",
        "_hub",
        "_is_busy",
        "_is_closing",
        "_is_pumping",
        "_last_line",
        "_lines",
        "_session",
        "_transport",
    )

    def __init__(self, hub: Hub, *, before_login: bool) -> None:
        self._hub = hub
        self._before_login = before_login
        self._transport: asyncio.Transport | None = None
        self._session: Session | None = None
        self._framer: Framer | None = None
        self._lines: list[bytes] = []
        self._address = ""
        self._is_busy = self._is_pumping = self._is_closing = self._has_ended = False
        self._last_line = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the terminal in, unless its address has too many lines already."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._address = str(peer[0]) if isinstance(peer, tuple) else ""
        number = self._hub.admit(self, self._address)
        if not number:
            self._transport.abort()
            return
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in KEEP_ALIVE:
                sock.setsockopt(socket.IPPROTO_TCP, option, value)
        self._last_line = self._hub.loop.time()
        self._framer = Framer(limit=self._hub.configuration.longest_line)
        self._session = Session(self._hub, number, self._address, self.reply, before_login=self._before_login)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return the buffer that all connections share: what is read is taken out before another reads."""
        del sizehint
        return self._hub.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Cut what came into lines."""
        if self._session is None or self._framer is None or self._is_closing:
            return
        try:
            self._lines.extend(self._framer.feed(bytes(self._hub.buffer[:nbytes])))
        except DecodingError as error:
            self._hub.board.faults[error.fault.value] += 1
            self.close()
            return
        self._pump()
        if len(self._lines) > MOST_WAITING_LINES and self._transport is not None:
            self._transport.pause_reading()

    def _pump(self) -> None:
        """Give the session its next line, one after the other, without recursion."""
        if self._is_pumping or self._session is None:
            return
        self._is_pumping = True
        try:
            while self._lines and not self._is_busy and not self._is_closing:
                self._is_busy = True
                self._last_line = self._hub.loop.time()
                self._session.receive(self._lines.pop(0))
        finally:
            self._is_pumping = False

    def reply(self, line: bytes) -> None:
        """Send a reply and go on with the next line."""
        self._is_busy = False
        session, transport = self._session, self._transport
        if session is None or transport is None or transport.is_closing():
            return
        transport.write(line)
        has_said_all = self._has_ended and not self._lines
        is_deaf = transport.get_write_buffer_size() > MOST_UNREAD_BYTES
        if session.is_over or has_said_all or is_deaf or self._hub.is_stopping:
            self.close()
            return
        if self._framer is not None:
            self._framer.change_ends(session.line_ends)
        if self._lines:
            self._pump()
        if len(self._lines) <= MOST_WAITING_LINES and not transport.is_reading():
            transport.resume_reading()

    def eof_received(self) -> bool:
        """The terminal sends no more (`printf … | nc`): answer what it has sent, then close. TLS has no half-closed lines."""
        self._has_ended = True
        is_tls = self._transport is not None and self._transport.get_extra_info("sslcontext") is not None
        return not is_tls and (self._is_busy or bool(self._lines))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the terminal. What is under way is finished without it; its reply is kept for the repeat."""
        del exc
        if self._session is not None:
            self._session.end()
            self._hub.forget(self, self._address)
        self._session = None
        self._transport = None
        self._lines = []

    @property
    def is_busy(self) -> bool:
        """Say whether a reply is owed."""
        return self._is_busy

    def close(self) -> None:
        """Send what is written and close; a terminal that does not read it is cut off."""
        if self._transport is None or self._is_closing:
            return
        self._is_closing = True
        self._lines = []
        if self._transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self._transport.abort()
        else:
            self._transport.close()
            self._hub.loop.call_later(5.0, self.abort)

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def close_if_idle(self, now: float) -> None:
        """Close when no whole message has come for too long; a stranger has less time."""
        if self._session is None:
            return
        if self._is_busy:
            if now - self._last_line > LONGEST_ANSWER:
                self.abort()
            return
        limits = self._hub.configuration
        is_stranger = self._session.terminal is STRANGER
        if now - self._last_line > (limits.login_seconds if is_stranger else limits.idle_seconds):
            self.close()

    def renew_terminal(self, terminals: dict[int, Terminal]) -> None:
        """Take over what changed about this terminal's account, or close where it would not be let in now."""
        session = self._session
        if session is None or session.terminal is STRANGER:
            return
        known = session.terminal
        terminal = terminals.get(known.device_id)
        if (
            terminal is None
            or (terminal.password_hash, terminal.is_bound) != (known.password_hash, known.is_bound)
            or not is_allowed(terminal.allowed_addresses, self._address)
        ):
            self.close()
        elif terminal != session.terminal and not self._is_busy:
            session.become(terminal)
