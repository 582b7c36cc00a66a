"""What the QR code of the card on the phone says: 45 digits, so that scanners type them on any keyboard.

    1 digit    version, 1
    18 digits  handle: which phone, at random; says nothing about card or reader
    8 digits   step: 30-second intervals since 1970 (UTC)
    18 digits  signature: HMAC-SHA-256 under the phone's secret over the 27 digits before, its first 8 bytes mod 10^18

No number of a card is that long (`Card.number` has at most 40 signs). js/phone_code.js makes the same; docs/phone_card.md.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

STEP = 30
"""Seconds."""
_VERSION = "1"
_HANDLE = _SIGNATURE = 18
_STEP_DIGITS = 8
_SHAPE = re.compile(r"1[0-9]{44}")


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """A code taken apart; nothing of it is believed yet."""

    handle: str
    step: int
    signed: str
    signature: str

    def is_signed_with(self, secret: bytes) -> bool:
        """Say whether the phone that knows `secret` made this."""
        return hmac.compare_digest(self.signature, _signature(self.signed, secret))


def new_handle() -> str:
    """Return a handle for a phone, from the system's random numbers."""
    return f"{secrets.randbelow(10**_HANDLE):0{_HANDLE}}"


def step_of(moment: datetime) -> int:
    """Return the step in which a moment lies."""
    return int(moment.timestamp()) // STEP


def make_code(handle: str, secret: bytes, step: int) -> str:
    """Return the 45 digits that a phone shows during a step."""
    signed = f"{_VERSION}{handle}{step:0{_STEP_DIGITS}}"
    return signed + _signature(signed, secret)


def looks_like_code(text: str) -> bool:
    """Say whether a scan is a code of a phone, and not the number of a card or a barcode."""
    return _SHAPE.fullmatch(text.strip()) is not None


def take_apart(text: str) -> PhoneCode | None:
    """Return the parts of a code, None when the text is none."""
    if not looks_like_code(text):
        return None
    text = text.strip()
    signed, signature = text[:-_SIGNATURE], text[-_SIGNATURE:]
    return PhoneCode(signed[1 : 1 + _HANDLE], int(signed[1 + _HANDLE :]), signed, signature)


def _signature(signed: str, secret: bytes) -> str:
    digest = hmac.new(secret, signed.encode("ascii"), sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**_SIGNATURE:0{_SIGNATURE}}"
