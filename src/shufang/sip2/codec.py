"""Reading and writing whole messages."""

from dataclasses import dataclass
from typing import cast

from shufang.sip2 import trailer
from shufang.sip2.dialects import STANDARD, Dialect
from shufang.sip2.errors import DecodingError, Fault
from shufang.sip2.layout import LAYOUT_OF, LAYOUTS
from shufang.sip2.replies import Reply
from shufang.sip2.requests import Request

Message = Request | Reply


@dataclass(frozen=True, slots=True)
class Received:
    """A message with what stood around it. `body` is all bytes before AY: what a repeat repeats."""

    message: Message
    body: bytes
    sequence: str
    has_checksum: bool


def decode(line: bytes, encoding: str = "utf-8", dialect: Dialect = STANDARD) -> Received:
    """Read a line (without its end). DecodingError and nothing else.

    Bytes that are no text of `encoding` read as U+FFFD, and so does NUL, which no database takes into a text.
    """
    parts = trailer.split(line, dialect, encoding)
    text = parts.body.decode(encoding, "replace").replace("\0", "\ufffd")
    layout = LAYOUTS.get(text[:2])
    if layout is None:
        raise DecodingError(Fault.UNKNOWN_CODE if len(text) >= 2 else Fault.TOO_SHORT)
    message = cast("Message", layout.read(text))
    return Received(message, parts.body, parts.sequence, parts.has_checksum)


def encode(message: Message, encoding: str = "utf-8", dialect: Dialect = STANDARD) -> bytes:
    """Write a message without trailer and end of line; `seal` adds them. What cannot be encoded becomes `?`."""
    return LAYOUT_OF[type(message)].write(message, encoding, splits_bytes=dialect.splits_bytes)


def seal(
    body: bytes,
    encoding: str = "utf-8",
    dialect: Dialect = STANDARD,
    *,
    sequence: str = "",
    with_checksum: bool = False,
) -> bytes:
    """Return a whole line: `body`, AY if there is a sequence, AZ if wanted, the end of the line. 96 and 97 get no AY."""
    if body[:2] in {b"96", b"97"}:
        sequence = ""
    return trailer.seal(body, sequence, dialect, encoding, with_checksum=with_checksum)
