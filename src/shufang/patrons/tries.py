"""Counting what is tried in vain, so that nobody can go on guessing. Whoever tries is kept as a keyed hash only."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from shufang.kernel.identifiers import keyed_hash
from shufang.patrons.models import Tries

KEPT = timedelta(days=1)
"""How long counts of wrong PINs and other tries are kept at most."""
_COUNT = """
INSERT INTO patrons_tries (what, who, tries, since) VALUES (%s, %s, 1, %s)
ON CONFLICT (what, who) DO UPDATE SET
tries = CASE WHEN patrons_tries.since < %s THEN 1 ELSE patrons_tries.tries + 1 END,
since = CASE WHEN patrons_tries.since < %s THEN excluded.since ELSE patrons_tries.since END
RETURNING tries
"""


def tries_of(what: str, who: str, within: timedelta, now: datetime) -> int:
    """Return how often `who` tried `what` within this time. One query."""
    found = Tries.objects.filter(what=what, who=_hashed(what, who), since__gte=now - within)
    return found.values_list("tries", flat=True).first() or 0


def count_try(what: str, who: str, within: timedelta, now: datetime) -> int:
    """Count one more and return how many there are now; one that is older than `within` counts anew. One statement."""
    stored = connection.ops.adapt_datetimefield_value
    at, oldest = stored(now), stored(now - within)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [what, _hashed(what, who), at, oldest, oldest])
        return int(cursor.fetchone()[0])


def forget_tries(what: str, who: str) -> None:
    """Begin at nothing again."""
    Tries.objects.filter(what=what, who=_hashed(what, who)).delete()


def _hashed(what: str, who: str) -> bytes:
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"tries", what.encode(), who.encode(errors="surrogatepass"))
