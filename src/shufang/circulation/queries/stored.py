"""Values as the engines store them: SQLite keeps a time as text in UTC, and money as a number without places."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from django.conf import settings

ON_POSTGRESQL = str(settings.DATABASES["default"]["ENGINE"]).endswith(".postgresql")
"""The engine never changes while a process runs; asking the connection costs more than a rule."""

_ZERO = Decimal("0.00")


def as_stored(at: datetime) -> str | datetime:
    """Return an aware time as the ORM stores it on this engine."""
    return at if ON_POSTGRESQL else _as_text(at)


@lru_cache(maxsize=256)
def _as_text(at: datetime) -> str:
    return str(at.astimezone(UTC).replace(tzinfo=None))


def as_stored_day(day: date) -> str | date:
    """Return a day as the ORM stores it on this engine."""
    return day if ON_POSTGRESQL else day.isoformat()


def from_stored(value: str | datetime | None) -> datetime | None:
    """Return a time from the database as an aware one, UTC; None stays None."""
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def known_time(value: str | datetime) -> datetime:
    """Return a time from a column that is never empty, aware, UTC."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def from_cents(cents: int | None) -> Decimal:
    """Return cents, as the statements add them up, as yuan with two places; None is nothing."""
    return Decimal(cents).scaleb(-2) if cents else _ZERO
