"""On which days a branch is open. Pure: a branch's weekly rule, its exceptions, the mainland's public holidays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import constants  # type: ignore[import-untyped]  # the package has no types

LONGEST_CLOSURE = 366
"""Days after which the search for an open day stops: a branch closed for a year moves no dates."""
_LAST_KNOWN_YEAR = max(constants.holidays).year
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Statutory days that stand without a yearly notice, for years whose notice the package does not have yet."""


@lru_cache(maxsize=4096)
def is_public_holiday(day: date) -> bool:
    """Say whether the State Council's notice frees this day (swapped working weekends are no holidays).

    Years after the last notice known here have their fixed statutory days only.
    """
    if day.year > _LAST_KNOWN_YEAR:
        return (day.month, day.day) in _FIXED_HOLIDAYS
    return day in constants.holidays


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days from `first` to `last` on which a branch is closed, or open against its rule."""

    first: date
    last: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class OpenDays:
    """A branch's calendar. Exceptions come first (the newest wins), then `always_open`, holidays, weekdays (1 Monday)."""

    always_open: bool = False
    closed_weekdays: frozenset[int] = frozenset()
    closed_on_holidays: bool = False
    exceptions: tuple[SpecialDays, ...] = ()

    def is_open(self, day: date) -> bool:
        """Say whether the branch is open on a day."""
        for exception in self.exceptions:
            if exception.first <= day <= exception.last:
                return exception.is_open
        if self.always_open:
            return True
        if self.closed_on_holidays and is_public_holiday(day):
            return False
        return day.isoweekday() not in self.closed_weekdays


def next_open_day(day: date, is_open: Callable[[date], bool]) -> date:
    """Return `day` or the first open day after it; `day` itself where none is open for LONGEST_CLOSURE days."""
    for ahead in range(LONGEST_CLOSURE):
        candidate = day + timedelta(days=ahead)
        if is_open(candidate):
            return candidate
    return day


def overdue_days(due: date, returned: date, is_open: Callable[[date], bool], *, counts_closed_days: bool) -> int:
    """Return the days after `due` up to and with `returned`: all of them, or the open ones."""
    if returned <= due:
        return 0
    days = (returned - due).days
    if counts_closed_days:
        return days
    return sum(is_open(due + timedelta(days=ahead)) for ahead in range(1, days + 1))
