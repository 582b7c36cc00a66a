"""Identity documents: only a keyed hash and a mask are kept (PRIVACY.md 10). The number itself is never stored."""

import re
from enum import StrEnum

from django.conf import settings

from shufang.kernel.identifiers import keyed_hash, mask
from shufang.kernel.refusal import Refusal

_RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class IdentityKind(StrEnum):
    """The documents that a library takes."""

    RESIDENT = "resident"
    PASSPORT = "passport"
    TRAVEL_PERMIT = "travel_permit"
    RESIDENCE_PERMIT = "residence_permit"


def identity_hash(kind: IdentityKind, number: str) -> bytes:
    """Return 32 bytes that are equal for the same document however it is typed (case, width, blanks)."""
    return keyed_hash(settings.SHUFANG_IDENTITY_KEY, kind.value.encode(), normal(number).encode())


def identity_mask(number: str) -> str:
    """Return what staff see of a number: its first three and last two signs."""
    return mask(normal(number), head=3, tail=2)


def check_number(kind: IdentityKind, number: str) -> Refusal | None:
    """Refuse identity_invalid: a resident number that breaks GB 11643-1999 (length, check digit), or another's shape."""
    text = normal(number)
    if kind == IdentityKind.RESIDENT:
        return None if _is_resident(text) else Refusal("identity_invalid")
    return None if re.fullmatch(r"[A-Z0-9]{5,18}", text) else Refusal("identity_invalid")


def normal(number: str) -> str:
    """Return a number in upper case, half width, without blanks and hyphens."""
    narrow = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in number)
    return re.sub(r"[\s\-]+", "", narrow).upper()


def _is_resident(text: str) -> bool:
    if not _RESIDENT.fullmatch(text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == text[17]
