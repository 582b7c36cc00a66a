"""Codes of six digits that are sent to a reader's contact: 15 minutes, five tries, one use.

The digits are a keyed hash of the row, whose key lies outside the database: whoever has all tables cannot make them.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.numbers import as_number
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import OneTimeCode

DIGITS = 6
GOOD_FOR = timedelta(minutes=15)
MOST_TRIES = 5

Purpose = OneTimeCode.Purpose


@dataclass(frozen=True, slots=True)
class CodeUsed:
    """Whose code it was, and the e-mail address that it confirms, if any."""

    patron_id: int
    address: str


def new_code(
    purpose: Purpose, card_number: str, patron_id: int | None, now: datetime, address: str = ""
) -> OneTimeCode:
    """Make a code, in the caller's transaction; one asked for before is good no more. No patron: it opens nothing."""
    fresh = {
        "patron_id": patron_id,
        "address": address,
        "nonce": secrets.token_bytes(16),
        "created_at": now,
        "tries": 0,
    }
    code, _ = OneTimeCode.objects.update_or_create(purpose=purpose, who=_who(card_number), defaults=fresh)
    return code


def digits_of(code: OneTimeCode) -> str:
    """Return what the reader is sent, and types."""
    row = (code.purpose, str(code.pk), str(code.patron_id))
    made = keyed_hash(settings.SHUFANG_PIN_KEY, b"code", *(part.encode() for part in row), bytes(code.nonce))
    return f"{int.from_bytes(made, 'big') % 10**DIGITS:0{DIGITS}}"


def is_good(code: OneTimeCode, now: datetime) -> bool:
    """Say whether a code may still be used."""
    return code.created_at <= now < code.created_at + GOOD_FOR and code.tries < MOST_TRIES


def use_code(purpose: Purpose, card_number: str, digits: str, now: datetime) -> CodeUsed | Refusal:
    """Use a code up. Refuses code_wrong: wrong, too old, used, tried too often, never sent."""
    with transaction.atomic():
        rows = OneTimeCode.objects.select_for_update(no_key=True)
        code = rows.filter(purpose=purpose, who=_who(card_number)).first()
        if code is None or not is_good(code, now):
            return Refusal("code_wrong")
        is_right = hmac.compare_digest(digits_of(code).encode(), digits.encode(errors="replace"))
        if not is_right or code.patron_id is None:
            code.tries += 1
            code.save(update_fields=["tries"])
            return Refusal("code_wrong")
        used = CodeUsed(code.patron_id, code.address)
        code.delete()
        return used


def _who(card_number: str) -> bytes:
    number = as_number(card_number).encode(errors="surrogatepass")
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"code of", number)
