"""Putting a notice into the outbox: a template and the id of a loan, hold or one-time code, never a patron."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from shufang.notices.channels import CHANNELS

TEMPLATES = frozenset({"due_soon", "overdue", "lost", "hold_ready", "hold_missed", "pin_code", "email_code"})
SUBJECTS = frozenset({"loan", "hold", "code"})


def put(
    template: str,
    subject: str,
    subject_id: int,
    *,
    occasion: str,
    now: datetime,
    channels: Collection[str] | None = None,
) -> bool:
    """Put a notice into the outbox for these channels (all), once an occasion; say whether it is new.

    One statement a channel, in the caller's transaction. ValueError for a template or subject that nobody renders.
    """
    if template not in TEMPLATES or subject not in SUBJECTS:
        raise ValueError(f"no such notice: {template} of a {subject}")
    notice = (template, subject, subject_id, occasion)
    new = [_put(channel, notice, now) for channel in (CHANNELS if channels is None else channels)]
    return any(new)


def _put(channel: str, notice: tuple[str, str, int, str], now: datetime) -> bool:
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (template, subject, subject_id, occasion, channel, state, created_at,"
            " next_try_at, tries, sent_at, error) VALUES (%s, %s, %s, %s, %s, 'waiting', %s, %s, 0, NULL, '')"
            " ON CONFLICT (template, subject, subject_id, occasion, channel) DO NOTHING",
            [*notice, channel, at, at],
        )
        return bool(cursor.rowcount == 1)
