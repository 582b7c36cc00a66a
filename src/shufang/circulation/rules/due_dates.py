"""Until when an item is lent: the end of a day of the lending branch's calendar. Pure."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from shufang.branches.open_days import next_open_day

LAST_SECOND = time(23, 59, 59)


@lru_cache(maxsize=512)
def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the last second of a local day, aware, UTC."""
    return datetime.combine(day, LAST_SECOND, tzinfo=zone).astimezone(UTC)


def due_day(start: date, days: int, is_open: Callable[[date], bool]) -> date:
    """Return the day `days` after `start`, moved to the next open day of the lending branch."""
    return next_open_day(start + timedelta(days=days), is_open)


def renewed_due_day(today: date, due: date, days: int, is_open: Callable[[date], bool]) -> date:
    """Return the due day after a renewal: counted from the due day, or from today when that has passed."""
    return due_day(max(today, due), days, is_open)
