"""Named ways in which terminals (and their accounts) differ from the letter. Data; no code branches on a dialect's name."""

from dataclasses import dataclass
from enum import StrEnum


class Sum(StrEnum):
    """What a checksum adds up."""

    BYTES = "bytes"
    """The bytes from the first through `AZ`: the letter."""
    CODE_POINTS = "code_points"
    """The Unicode code points from the first through `AZ` (terminals whose strings are not bytes)."""
    CODE_POINTS_BEFORE_BAR = "code_points_before_bar"
    """The Unicode code points before the last `|`, which stands before AY (the Chinese system dp2)."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """`sums`: checksums it may send; the first one is written. `reply_end` ends our lines.

    `line_ends` are the bytes that end its lines; empty lines are nothing, so CR LF is one end. `splits_bytes`: the
    terminal looks for `|` before it decodes, so that no character may be sent that holds its byte (GB18030: 東).
    `checks_nothing`: its checksums are read over and never compared.
    """

    name: str
    sums: tuple[Sum, ...] = (Sum.BYTES,)
    reply_end: bytes = b"\r"
    line_ends: bytes = b"\r\n"
    lower_case_hex: bool = False
    splits_bytes: bool = False
    checks_nothing: bool = False


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect("standard"),
        Dialect("cr_only", line_ends=b"\r"),
        Dialect("crlf", reply_end=b"\r\n"),
        Dialect("lf", reply_end=b"\n"),
        Dialect("lower_case_hex", lower_case_hex=True),
        Dialect("splits_bytes", splits_bytes=True),
        Dialect("code_points", sums=(Sum.CODE_POINTS, Sum.BYTES)),
        Dialect("dp2", sums=(Sum.CODE_POINTS_BEFORE_BAR, Sum.BYTES)),
        Dialect("unchecked", checks_nothing=True),
    )
}
STANDARD = DIALECTS["standard"]
UNKNOWN = Dialect("unknown", sums=tuple(Sum))
"""For a connection that has not logged in yet: any sum is taken, ours are of the letter."""

ENCODINGS = {"utf-8": "utf-8", "gb18030": "gb18030", "cp850": "cp850"}
"""Names of an account's encoding and Python's codecs for them."""
