"""Setting and checking PINs (PRIVACY.md 10): scrypt over a keyed hash whose key lies outside the database.

A check happens before the transaction of a verb and never on the SIP2 server's writer thread. Five wrong PINs of a card
at one place lock that card there for 15 minutes; elsewhere it stays good, so that a stranger cannot lock a reader out
everywhere. Known and unknown cards cost the same work.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.numbers import as_number
from shufang.kernel.password import RightOnes, hash_secret, is_right
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Patron, PinFailures
from shufang.patrons.pin_check import PinCheck

DIGITS = 6
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
"""Also how long a failure counts."""

_right = RightOnes(20_000)
_one_at_a_time = [threading.Lock() for _ in range(64)]

_FIND = """
SELECT p.id, p.pin_hash, p.pin_version, f.failures, f.last_at, f.locked_until
FROM (SELECT 1 AS one) AS always
LEFT JOIN patrons_card c ON c.number = %s
LEFT JOIN patrons_patron p ON p.id = c.patron_id
LEFT JOIN patrons_pinfailures f ON f.card_hash = %s AND f.place = %s
"""
_COUNT = """
INSERT INTO patrons_pinfailures (card_hash, place, failures, last_at, locked_until) VALUES (%s, %s, 1, %s, NULL)
ON CONFLICT (card_hash, place) DO UPDATE SET
failures = CASE WHEN patrons_pinfailures.last_at < %s THEN 1 ELSE patrons_pinfailures.failures + 1 END,
locked_until = CASE WHEN patrons_pinfailures.last_at >= %s AND patrons_pinfailures.failures + 1 >= %s
THEN %s ELSE NULL END,
last_at = excluded.last_at
"""


@dataclass(frozen=True, slots=True)
class _Found:
    patron_id: int | None
    pin_hash: str
    pin_version: int
    has_failures: bool
    locked_until: datetime | None


def hash_pin(pin: str) -> str:
    """Return what `Patron.pin_hash` keeps. ValueError for an empty PIN."""
    if not pin:
        raise ValueError("an empty PIN is never kept")
    return hash_secret(_peppered(pin))


def set_pin(patron: Patron, pin: str, *, must_change: bool = False) -> Refusal | None:
    """Give a patron a new PIN; the old one is wrong from now on. Refuses pin_invalid (six digits) and pin_too_simple."""
    refusal = pin_refusal(pin)
    if refusal is None:
        keep_pin(patron, hash_pin(pin), must_change=must_change)
    return refusal


def pin_refusal(pin: str) -> Refusal | None:
    """Refuse pin_invalid (not six digits) and pin_too_simple: all alike, one after the other, or the same few again."""
    if len(pin) != DIGITS or not pin.isascii() or not pin.isdigit():
        return Refusal("pin_invalid", {"digits": DIGITS})
    return Refusal("pin_too_simple") if _is_simple(pin) else None


def keep_pin(patron: Patron, digest: str, *, must_change: bool = False) -> None:
    """Give a patron the PIN of which `digest` was made by hash_pin; the old one is wrong from now on."""
    with transaction.atomic():
        locked = Patron.objects.select_for_update(no_key=True).only("pin_version").get(pk=patron.pk)
        patron.pin_hash, patron.pin_version, patron.pin_must_change = digest, locked.pin_version + 1, must_change
        patron.save(update_fields=["pin_hash", "pin_version", "pin_must_change"])


def forget_pin(patron: Patron) -> None:
    """Let no PIN be right any more for a patron."""
    Patron.objects.filter(pk=patron.pk).update(pin_hash="", pin_version=F("pin_version") + 1)


def check_pin(card_number: str, pin: str, place_key: str, now: datetime) -> PinCheck:
    """Say RIGHT, WRONG or LOCKED. `place_key`: `device:ID`, or `address:…` on the web.

    An unknown card and a card without a PIN are WRONG, and counted alike. An empty PIN is WRONG and not counted: some
    terminals always send the field. A right PIN forgets the failures there. One query; scrypt once a PIN and process.
    """
    return check_version(card_number, pin, place_key, now)[0]


def check_version(card_number: str, pin: str, place_key: str, now: datetime) -> tuple[PinCheck, int | None]:
    """Say the same, and for a RIGHT one the version of the PIN that was looked at: as long as it stands, so does RIGHT."""
    if not pin:
        return PinCheck.WRONG, None
    card_number = as_number(card_number)
    given = _peppered(pin)
    card_hash = _card_hash(card_number)
    with _one_at_a_time[card_hash[0] % len(_one_at_a_time)]:  # so that guesses side by side cannot outrun the count
        found = _find(card_number, card_hash, place_key)
        if found.locked_until is not None and found.locked_until > now:
            return PinCheck.LOCKED, None
        if not _is_right(found, given):
            _count(card_hash, place_key, now)
            return PinCheck.WRONG, None
        if found.has_failures:
            PinFailures.objects.filter(card_hash=card_hash, place=place_key).delete()
        return PinCheck.RIGHT, found.pin_version


def is_locked(card_number: str, place_key: str, now: datetime) -> bool:
    """Say whether no PIN of a card is tried at a place now. One query."""
    failures = PinFailures.objects.filter(card_hash=_card_hash(as_number(card_number)), place=place_key)
    return failures.filter(locked_until__gt=now).exists()


def forget_failures(card_number: str, place_key: str) -> None:
    """Let a card be tried at a place again at once: its reader has shown otherwise who he is."""
    PinFailures.objects.filter(card_hash=_card_hash(as_number(card_number)), place=place_key).delete()


def _peppered(pin: str) -> bytes:
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"pin", pin.encode(errors="surrogatepass"))


def _card_hash(card_number: str) -> bytes:
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"card", card_number.encode(errors="surrogatepass"))


def _is_simple(pin: str) -> bool:
    steps = {int(later) - int(earlier) for earlier, later in pairwise(pin)}
    return steps in ({0}, {1}, {-1}) or pin in {pin[:2] * 3, pin[:3] * 2}


def _find(card_number: str, card_hash: bytes, place_key: str) -> _Found:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [card_number, card_hash, place_key])
        patron_id, pin_hash, pin_version, failures, _last_at, locked_until = cursor.fetchone()
    if isinstance(locked_until, str):
        locked_until = datetime.fromisoformat(locked_until)
    return _Found(patron_id, pin_hash or "", pin_version or 0, failures is not None, _aware(locked_until))


def _aware(moment: datetime | None) -> datetime | None:
    """Return the UTC time that SQLite gives without its zone."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=connection.timezone)


def _is_right(found: _Found, given: bytes) -> bool:
    parts = (str(found.patron_id).encode(), str(found.pin_version).encode(), found.pin_hash.encode(), given)
    if found.pin_hash and _right.knows(*parts):
        return True
    if not is_right(given, found.pin_hash):
        return False
    _right.remember(*parts)
    return True


def _count(card_hash: bytes, place_key: str, now: datetime) -> None:
    stored = connection.ops.adapt_datetimefield_value
    at, since, until = stored(now), stored(now - LOCKED_FOR), stored(now + LOCKED_FOR)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [card_hash, place_key, at, since, since, MOST_FAILURES, until])
