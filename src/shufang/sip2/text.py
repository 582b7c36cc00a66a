"""Making values fit a field: no `|`, no line ends, at most 255 bytes, never half a character."""

import re

LONGEST = 255
"""Bytes of a variable field's value (3M SIP 2.00, "Variable-length fields")."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def clean(value: str) -> str:
    """Return `value` with `|` as `/` and runs of control characters (CR, LF, NUL …) as one blank."""
    return _CONTROLS.sub(" ", value.replace("|", "/"))


def without_bar_bytes(value: str, encoding: str) -> str:
    """Return `value` with `?` for each character whose encoded form holds the byte of `|`."""
    if b"|" not in value.encode(encoding, "replace"):
        return value
    return "".join("?" if b"|" in sign.encode(encoding, "replace") else sign for sign in value)


def split(value: str, encoding: str) -> list[str]:
    """Return `value` in pieces of at most 255 bytes in `encoding`, no character cut. An empty value is one piece."""
    if len(value) * 4 <= LONGEST or len(value.encode(encoding, "replace")) <= LONGEST:
        return [value]
    pieces: list[str] = []
    begin, size = 0, 0
    for place, sign in enumerate(value):
        width = len(sign.encode(encoding, "replace"))
        if size + width > LONGEST:
            pieces.append(value[begin:place])
            begin, size = place, 0
        size += width
    pieces.append(value[begin:])
    return pieces
