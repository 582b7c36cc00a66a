"""Putting a notice into the outbox: a template and the id of a loan or hold, never a patron."""

from datetime import datetime

from django.db import connection

TEMPLATES = frozenset({"due_soon", "overdue", "lost", "hold_ready", "hold_missed"})
SUBJECTS = frozenset({"loan", "hold"})


def put(template: str, subject: str, subject_id: int, *, occasion: str, now: datetime, channel: str = "email") -> bool:
    """Put a notice into the outbox, once an occasion; say whether it is new. One statement, in the caller's transaction.

    ValueError for a template or subject that nobody renders.
    """
    if template not in TEMPLATES or subject not in SUBJECTS:
        raise ValueError(f"no such notice: {template} of a {subject}")
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (template, subject, subject_id, occasion, channel, state, created_at,"
            " next_try_at, tries, sent_at, error) VALUES (%s, %s, %s, %s, %s, 'waiting', %s, %s, 0, NULL, '')"
            " ON CONFLICT (template, subject, subject_id, occasion, channel) DO NOTHING",
            [template, subject, subject_id, occasion, channel, at, at],
        )
        return bool(cursor.rowcount == 1)
