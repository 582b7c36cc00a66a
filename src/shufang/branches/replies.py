"""When is a request of a terminal a repeat of one that was done already? The rule of SIP2.md, "Repeats".

A request that changes something carries a `RequestKey`. The verb, once its locks are taken, compares it with the stored
reply of its subject (item or patron); a repeat is answered with `Repeated` and nothing is done. After the change the
face keeps its reply with `keep_reply` in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from shufang.branches.models import StoredReply

WINDOW = timedelta(minutes=10)
WINDOW_OF_FEE_PAID = timedelta(seconds=90)
WINDOW_OF_NO_BLOCK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What tells a request from others: `key` is the keyed hash of account and all bytes before AY (32 bytes)."""

    key: bytes
    connection: str
    sequence: str = ""
    window: timedelta = WINDOW
    is_no_block: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored reply of a subject, as gathered by the verb."""

    key: bytes
    marker: int
    connection: str
    sequence: str
    at: datetime
    reply: bytes


@dataclass(frozen=True, slots=True)
class Repeated:
    """The request was done before; this is the reply it got, without AY and AZ."""

    reply: bytes


def repeated(request: RequestKey | None, stored: Stored | None, marker: int, now: datetime) -> Repeated | None:
    """Return the stored reply if and only if `request` repeats it; `marker` is the subject's newest event or revision."""
    if request is None or stored is None or stored.key != request.key or stored.marker != marker:
        return None
    if now - stored.at > request.window:
        return None
    if stored.connection == request.connection and request.sequence and request.sequence != stored.sequence:
        return None
    return Repeated(stored.reply)


def stored_reply(subject: str, subject_id: int) -> Stored | None:
    """Return what a subject's last terminal was answered, once its row is locked. One query, none of it hot."""
    row = StoredReply.objects.filter(subject=subject, subject_id=subject_id).first()
    if row is None:
        return None
    return Stored(bytes(row.key), row.marker, row.connection, row.sequence, row.at, bytes(row.reply))


def keep_reply(subject: str, subject_id: int, request: RequestKey, marker: int, reply: bytes, now: datetime) -> None:
    """Keep `reply` as the last of this subject. One statement, inside the transaction of the change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO branches_storedreply (subject, subject_id, key, marker, connection, sequence, at, reply) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (subject, subject_id) DO UPDATE SET "
            "key = excluded.key, marker = excluded.marker, connection = excluded.connection, "
            "sequence = excluded.sequence, at = excluded.at, reply = excluded.reply",
            [subject, subject_id, request.key, marker, request.connection, request.sequence, now, reply],
        )
