"""The key to which kiosks seal what waits in them, and the opening of an entry of such a queue."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.conf import settings

from shufang.circulation.local_days import zone
from shufang.circulation.rules.due_dates import end_of_day
from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.sealing import SealedWrongError, private_key, unseal

OLDEST = timedelta(days=90)
AHEAD = timedelta(minutes=5)
LONGEST_PROMISE = timedelta(days=366)
VERBS = ("checkout", "checkin")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a kiosk did while its line was down. `card`: what was scanned; or `visit`: the token of one begun before.

    `stay` tells the books of one reader's stay from those of others. `due_at`: the day that he was told.
    """

    uuid: str
    verb: str
    barcode: str
    happened_at: datetime
    card: str = ""
    visit: str = ""
    stay: str = ""
    due_at: datetime | None = None


@lru_cache(maxsize=1)
def sealing_key() -> EllipticCurvePrivateKey:
    """Return the server's key, made from one that lies outside the database (config/keys.py)."""
    return private_key(keyed_hash(settings.SHUFANG_PIN_KEY, b"kiosk queue"))


def opened(uuid: str, sealed: str, context: str, now: datetime) -> Entry:
    """Return an entry. SealedWrongError when it does not open, or opens to something else than an entry of this name."""
    try:
        said = json.loads(unseal(base64.b64decode(sealed, validate=True), sealing_key(), context.encode()))
        entry = Entry(
            uuid=_text(said, "id"),
            verb=_text(said, "verb"),
            barcode=_text(said, "barcode"),
            happened_at=happened(said["at"], now),
            card=_text(said, "card"),
            visit=_text(said, "visit"),
            stay=_text(said, "stay"),
            due_at=_promised(said.get("due"), now),
        )
    except (binascii.Error, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SealedWrongError(str(error)) from error
    if entry.uuid != uuid or entry.verb not in VERBS:
        raise SealedWrongError("another entry, or no verb of a kiosk")
    return entry


def happened(milliseconds: float, now: datetime) -> datetime:
    """Return when it happened, by the kiosk's clock; now, where that cannot be.."""
    try:
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except OverflowError:
        return now
    return now if at > now + AHEAD or at < now - OLDEST else min(at, now)


def _promised(day: object, now: datetime) -> datetime | None:
    """Return the end of the day that a reader was told; None: policy's, also where a wrong clock promised a year."""
    if not isinstance(day, str) or not day:
        return None
    at = end_of_day(date.fromisoformat(day), zone())
    return at if at <= now + LONGEST_PROMISE else None


def _text(said: dict[str, object], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > 600:
        raise ValueError(name)
    return value
