"""Identifiers: ISBN (ISO 2108), ISSN (ISO 3297), keyed hashes and masks."""

import hmac
import re
from hashlib import sha256

_NOT_ISBN = re.compile(r"[\s‐‑‒–—−-]+")


def isbn13(text: str) -> str | None:
    """Return the 13 digits of a valid ISBN 10 or 13 (hyphens, blanks and a trailing note allowed), else None."""
    head = _NOT_ISBN.sub("", text.strip().split("(")[0].split(":")[0].split("（")[0]).upper()
    found = re.match(r"(97[89][0-9]{10}|[0-9]{9}[0-9X])(?![0-9X])", head)
    if not found:
        return None
    digits = found.group(1)
    if len(digits) == 10:
        total = sum((10 - place) * (10 if sign == "X" else int(sign)) for place, sign in enumerate(digits))
        if total % 11:
            return None
        digits = "978" + digits[:9]
        return digits + _check13(digits)
    return digits if _check13(digits[:12]) == digits[12] else None


def isbn10(thirteen: str) -> str | None:
    """Return the ISBN 10 of a valid 978 ISBN 13, else None (979 has none)."""
    if not thirteen.startswith("978"):
        return None
    nine = thirteen[3:12]
    rest = -sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11
    return nine + ("X" if rest == 10 else str(rest))


def _check13(twelve: str) -> str:
    total = sum(map(int, twelve[::2])) + 3 * sum(map(int, twelve[1::2]))
    return str(-total % 10)


def keyed_hash(key: bytes, *parts: bytes) -> bytes:
    """Return 32 bytes of HMAC-SHA-256 over the length-prefixed parts, so that ("ab", "c") differs from ("a", "bc")."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(key, message, sha256).digest()


def mask(text: str, head: int = 1, tail: int = 2) -> str:
    """Return `text` with its middle replaced by `*`; a text too short to hide anything becomes all `*`."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]
