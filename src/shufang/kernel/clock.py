"""Time. Everything inside is aware and in UTC; a face or a calendar turns it to local time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the machine's time, aware, UTC. Verbs take `now` as an argument; only faces and jobs call this."""
    return datetime.now(UTC)
