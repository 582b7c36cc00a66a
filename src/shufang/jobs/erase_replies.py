"""Replies kept for terminals that repeat themselves go after 10 minutes, keys of things done once at their date;
a key's reply does not wait for that.

A reply names card, barcode and title together. On SQLite its bytes go too: deleted content is overwritten (the setting
`secure_delete`), and the write-ahead log, which still has the old pages, is emptied when nobody is in the way.
"""

from datetime import datetime

from django.db import connection

from shufang.branches.models import OnceKey, StoredReply
from shufang.branches.replies import WINDOW
from shufang.jobs.portions import change, delete


def run(now: datetime) -> dict[str, int]:
    """Erase."""
    done = {
        "replies": delete(StoredReply.objects.filter(at__lt=now - WINDOW)),
        "replies of keys": change(OnceKey.objects.filter(at__lt=now - WINDOW).exclude(reply=b""), reply=b""),
        "keys": delete(OnceKey.objects.filter(until__lt=now)),
    }
    if (
        (done["replies"] or done["replies of keys"])
        and connection.vendor == "sqlite"
        and not connection.in_atomic_block
    ):
        _empty_the_log()
    return done


def _empty_the_log() -> None:
    """Move the write-ahead log into the database and cut it to nothing, without waiting for anybody: next run will do."""
    wait = int(float(str(connection.settings_dict["OPTIONS"].get("timeout", 5))) * 1000)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {wait}")
