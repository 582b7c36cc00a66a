"""Readers signed in on their devices: a random token in a cookie, its keyed hash in the database.

A session ends by itself when it is not used (90 days on the reader's own device, two hours elsewhere), when the PIN
changes and when the reader's record closes. Reading it is one query; it is written at most once an hour.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When

from shufang.kernel.identifiers import keyed_hash
from shufang.patrons.models import Card, Patron, PatronSession

OWN_DEVICE = timedelta(days=90)
OTHER_DEVICE = timedelta(hours=2)
SEEN_EVERY = timedelta(hours=1)

_GOOD_CARD_FIRST = Case(When(status__in=[Card.Status.ISSUED, Card.Status.ACTIVE], then=Value(0)), default=Value(1))
_PRESENT_CARD_FIRST = Card.objects.order_by(_GOOD_CARD_FIRST, "-id")

_FIND = """
SELECT s.id, s.patron_id,
(SELECT c.number FROM patrons_card c WHERE c.patron_id = s.patron_id
 ORDER BY CASE WHEN c.status IN ('issued', 'active') THEN 0 ELSE 1 END, c.id DESC LIMIT 1),
p.name, p.language, p.birth_date, p.pin_must_change, s.is_own_device, s.seen_at, p.home_branch_id
FROM patrons_patronsession s JOIN patrons_patron p ON p.id = s.patron_id
WHERE s.token_hash = %s AND s.pin_version = p.pin_version AND p.closed_at IS NULL
"""
"""Plain SQL: every page of a signed-in reader begins with it, and the ORM would take longer to write it than to run it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session that stands, with the reader behind it and the number of his present card."""

    session_id: int
    patron_id: int
    card_number: str
    name: str
    language: str
    birth_date: date | None
    pin_must_change: bool
    is_own_device: bool
    home_branch_id: int | None


def start(patron: Patron, now: datetime, *, is_own_device: bool = False, browser: str = "") -> str:
    """Sign a reader in on a device and return the token for its cookie, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    PatronSession.objects.create(
        token_hash=_hashed(token),
        patron=patron,
        pin_version=patron.pin_version,
        is_own_device=is_own_device,
        browser=browser[:60],
        created_at=now,
        seen_at=now,
    )
    return token


def find(token: str, now: datetime) -> Session | None:
    """Return the session of a token while it stands. One query, and once an hour one statement that says it is used."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [_hashed(token)])
        row = cursor.fetchone()
    if row is None:
        return None
    seen_at = _aware(row[8])
    session = Session(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), bool(row[7]), row[9])
    if seen_at + (OWN_DEVICE if session.is_own_device else OTHER_DEVICE) < now:
        return None
    if seen_at + SEEN_EVERY < now:
        PatronSession.objects.filter(pk=session.session_id, seen_at=seen_at).update(seen_at=now)
    return session


def present_card(patron_id: int) -> str:
    """Return the number of a patron's good card, else of his newest; empty for who never had one. One query."""
    return _PRESENT_CARD_FIRST.filter(patron_id=patron_id).values_list("number", flat=True).first() or ""


def end(patron_id: int, session_id: int) -> bool:
    """Sign out of one session of this reader; False when he has no such session."""
    return bool(PatronSession.objects.filter(pk=session_id, patron_id=patron_id).delete()[0])


def end_all(patron_id: int, but: int | None = None) -> int:
    """Sign a reader out everywhere, or everywhere but in one session; return of how many."""
    every = PatronSession.objects.filter(patron_id=patron_id)
    return (every if but is None else every.exclude(pk=but)).delete()[0]


def standing(patron_id: int, now: datetime) -> QuerySet[PatronSession]:
    """Return the sessions of a reader that stand, the one used last first."""
    still = PatronSession.objects.filter(patron_id=patron_id, pin_version=F("patron__pin_version"))
    used = still.filter(is_own_device=True, seen_at__gte=now - OWN_DEVICE)
    return (used | still.filter(is_own_device=False, seen_at__gte=now - OTHER_DEVICE)).order_by("-seen_at", "-pk")


def _aware(moment: datetime | str) -> datetime:
    """Return a time as the engine gives it, aware, UTC."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _hashed(token: str) -> bytes:
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"session", token.encode(errors="surrogatepass"))
