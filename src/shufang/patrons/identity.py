"""Identity documents: only a keyed hash and a mask are kept (PRIVACY.md 10). The number itself is never stored."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.conf import settings

from shufang.kernel.identifiers import keyed_hash, mask
from shufang.kernel.refusal import Refusal

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class IdentityKind(StrEnum):
    """The documents that a library takes."""

    RESIDENT = "resident"
    PASSPORT = "passport"
    TRAVEL_PERMIT = "travel_permit"
    RESIDENCE_PERMIT = "residence_permit"


_SHAPES = {
    # GB 11643-1999: region, birth date, serial, check digit.
    IdentityKind.RESIDENT: re.compile(r"[1-8][0-9]{16}[0-9X]"),
    # ICAO 9303 part 4: at most nine letters and digits.
    IdentityKind.PASSPORT: re.compile(r"(?=.*[0-9])[A-Z0-9]{6,9}"),
    # Mainland travel permits: Hong Kong and Macao (H or M, eight digits, two more on older ones), Taiwan (eight or ten).
    IdentityKind.TRAVEL_PERMIT: re.compile(r"[HM]?[0-9]{8}(?:[0-9]{2})?"),
    # Residents of Hong Kong, Macao and Taiwan (81 to 83) and foreigners (9…) by GB 11643; foreigners' cards before 2023.
    IdentityKind.RESIDENCE_PERMIT: re.compile(r"[89][0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document as it may be kept: `digest` tells the person again, `mask` is what staff see.

    `city` is a hash under the key that is shared with the city's card centre; empty where there is none.
    """

    kind: IdentityKind
    digest: bytes
    mask: str
    city: bytes = b""


def read_document(kind: IdentityKind, number: str) -> Document | Refusal:
    """Return what may be kept of a number. Refuses identity_invalid."""
    refusal = check_number(kind, number)
    if refusal is not None:
        return refusal
    return Document(kind, identity_hash(kind, number), identity_mask(number), _city_hash(kind, number))


def identity_hash(kind: IdentityKind, number: str) -> bytes:
    """Return 32 bytes that are equal for the same document however it is typed (case, width, blanks)."""
    return keyed_hash(settings.SHUFANG_IDENTITY_KEY, kind.value.encode(), normal(number).encode())


def identity_mask(number: str) -> str:
    """Return what staff see of a number: its first three and last two signs."""
    return mask(normal(number), head=3, tail=2)


def check_number(kind: IdentityKind, number: str) -> Refusal | None:
    """Refuse identity_invalid: a shape that the kind does not have; of 18 signs also the birth date and the check digit."""
    text = normal(number)
    if not _SHAPES[kind].fullmatch(text):
        return Refusal("identity_invalid")
    return Refusal("identity_invalid") if len(text) == 18 and not _holds(text) else None


def birth_date_of(kind: IdentityKind, number: str) -> date | None:
    """Return the birth date that a number of 18 signs tells; None for others."""
    text = normal(number)
    return (
        _date_in(text) if kind in {IdentityKind.RESIDENT, IdentityKind.RESIDENCE_PERMIT} and len(text) == 18 else None
    )


def normal(number: str) -> str:
    """Return a number in upper case, half width, without blanks and hyphens."""
    narrow = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in number)
    return re.sub(r"[\s\-]+", "", narrow).upper()


def _city_hash(kind: IdentityKind, number: str) -> bytes:
    key: bytes = settings.SHUFANG_CITY_KEY
    return keyed_hash(key, b"person", kind.value.encode(), normal(number).encode()) if key else b""


def _holds(text: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == text[17] and _date_in(text) is not None


def _date_in(text: str) -> date | None:
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None
