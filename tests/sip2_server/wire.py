"""A terminal for tests: a plain socket that speaks bytes, so that every repeat and every fault can be sent on purpose."""

import socket
import ssl
import time
from typing import Self, TypeVar

from shufang.sip2.codec import Message, Received, decode, encode, seal
from shufang.sip2.dialects import STANDARD, Dialect
from shufang.sip2_server.server import Address

M = TypeVar("M")


def today() -> str:
    """Return the local time as a terminal sends it."""
    return time.strftime("%Y%m%d    %H%M%S")


class Wire:
    """One line to the server. `ask` sends a message with AY and AZ and reads its reply."""

    def __init__(
        self,
        address: Address,
        *,
        account: str = "gmd-1",
        password: str = "demo",
        encoding: str = "utf-8",
        dialect: Dialect = STANDARD,
        context: ssl.SSLContext | None = None,
    ) -> None:
        plain = socket.create_connection((address.host, address.port), 20)
        self.socket = context.wrap_socket(plain, server_hostname="localhost") if context else plain
        self.encoding = encoding
        self.dialect = dialect
        self.sequence = 0
        self.rest = b""
        if account:
            assert self.raw(f"9300CN{account}|CO{password}|".encode()) == b"941"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def line(self) -> bytes:
        """Read one line without its end; b"" when the server has closed."""
        while b"\r" not in self.rest:
            part = self.socket.recv(65536)
            if not part:
                return b""
            self.rest += part
        line, _, self.rest = self.rest.partition(b"\r")
        return line.lstrip(b"\n")

    def raw(self, body: bytes) -> bytes:
        """Send a body without AY and AZ."""
        self.send(body + b"\r")
        return self.line()

    def sealed(self, message: Message, sequence: str | None = None) -> bytes:
        """Return the message's line with the next (or this) AY; "" for none."""
        if sequence is None:
            sequence, self.sequence = str(self.sequence), (self.sequence + 1) % 10
        body = encode(message, self.encoding, self.dialect)
        return seal(body, self.encoding, self.dialect, sequence=sequence, with_checksum=True)

    def exchange(self, line: bytes) -> Received:
        """Send a line and read the reply, which must have the same AY and a right AZ."""
        self.send(line)
        reply = decode(self.line(), self.encoding, self.dialect)
        assert reply.has_checksum
        return reply

    def ask(self, message: Message, kind: type[M], sequence: str | None = None) -> M:
        """Send a message; its reply must be of this kind."""
        found = self.exchange(self.sealed(message, sequence)).message
        assert isinstance(found, kind)
        return found
