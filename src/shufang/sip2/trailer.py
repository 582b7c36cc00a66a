"""Error detection (3M SIP 2.00, "Error Detection"): `AYn` a sequence number, `AZhhhh` a checksum at a message's end.

The checksum is minus the sum of all bytes from the first through `AZ`, modulo 2¹⁶, as four upper-case hex digits. Some
terminals send lower-case digits or drop leading zeros; these are read, the letter is written.
"""

import re
from dataclasses import dataclass

from shufang.sip2.dialects import Dialect, Sum
from shufang.sip2.errors import DecodingError, Fault

_TRAILER = re.compile(rb"(?:AY([0-9]))?(?:AZ([0-9A-Fa-f]{1,4}))?[ |]*\Z")
_DAMAGED = re.compile(rb"A[YZ]|.?Y[0-9]AZ", re.DOTALL)
_FIXED_ONLY = frozenset({b"94", b"96", b"97", b"99"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its trailer. `body` is all bytes before AY; `sequence` is empty when AY was absent."""

    body: bytes
    sequence: str = ""
    has_checksum: bool = False


def total(before: bytes, dialect_sum: Sum, encoding: str) -> int:
    """Return the sum over `before`, which ends with `AZ`, in one of the ways that terminals know."""
    if dialect_sum is Sum.BYTES:
        return sum(before)
    text = before.decode(encoding, "replace")
    if dialect_sum is Sum.CODE_POINTS_BEFORE_BAR:
        head, _, tail = text.rpartition("AY")
        text = (head or tail.removesuffix("AZ")).removesuffix("|")
    return sum(map(ord, text))


def split(line: bytes, dialect: Dialect, encoding: str) -> Line:
    """Return the line without its trailer. DecodingError when there is a checksum and it is wrong, or half a trailer."""
    # Nearly all lines end with AYnAZhhhh; trying that place first, and only the last bytes else, costs a fifth.
    found = _TRAILER.match(line, len(line) - 9) if line[-9:-7] == b"AY" else None
    found = found or _TRAILER.search(line, max(2, len(line) - 20))
    sequence, digits = found.groups() if found else (None, None)
    if found is None or (sequence is None and digits is None):
        return _without_trailer(line)
    stands_apart = line[found.start() - 1 : found.start()] == b"|" or line[:2] in _FIXED_ONLY
    if not stands_apart and not (sequence and digits):
        return _without_trailer(line)
    if digits is not None and not dialect.checks_nothing:
        before, given = line[: found.start(2)], int(digits, 16)
        if not any((total(before, way, encoding) + given) & 0xFFFF == 0 for way in dialect.sums):
            raise DecodingError(Fault.BAD_CHECKSUM)
    return Line(line[: found.start()], sequence.decode("ascii") if sequence else "", digits is not None)


def _without_trailer(line: bytes) -> Line:
    """A last field that looks like what noise leaves of a trailer is no field: nothing may be done on its word."""
    is_damaged = _DAMAGED.search(line) if line[:2] in _FIXED_ONLY else _DAMAGED.match(line[line.rfind(b"|") + 1 :])
    if is_damaged:
        raise DecodingError(Fault.BAD_CHECKSUM)
    return Line(line)


def seal(body: bytes, sequence: str, dialect: Dialect, encoding: str, *, with_checksum: bool) -> bytes:
    """Return `body` with AY (when `sequence` is given), AZ (when wanted) and the end of the line."""
    if sequence:
        body = b"%sAY%s" % (body, sequence.encode("ascii"))
    if with_checksum:
        body += b"AZ"
        value = -total(body, dialect.sums[0], encoding) & 0xFFFF
        body = b"%s%04x" % (body, value) if dialect.lower_case_hex else b"%s%04X" % (body, value)
    return body + dialect.reply_end
