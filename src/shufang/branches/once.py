"""What counts at most once, on both engines and however many ask at the same time: a row of `OnceKey` is the proof."""

from datetime import datetime

from django.db import connection, transaction

_TAKE = """
INSERT INTO branches_oncekey (scope, key, at, until, reply) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (scope, key) DO NOTHING
"""


def is_first(scope: str, key: bytes, now: datetime, until: datetime) -> bool:
    """Take a key; False when it was taken before. One statement. A job erases it after `until`.

    A second one that comes while the first is not committed yet waits for it (PostgreSQL) or for its turn (SQLite).
    """
    stored = connection.ops.adapt_datetimefield_value
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [scope, key, stored(now), stored(until), b""])
        return bool(cursor.rowcount)
