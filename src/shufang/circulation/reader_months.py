"""How long it is known which reader borrowed in which month (PRIVACY.md 7)."""

from datetime import date

KEPT_MONTHS = 13


def first_kept(today: date) -> date:
    """Return the first day of the oldest month that is still kept reader by reader."""
    return _months_on(today, -KEPT_MONTHS)


def kept_until(month: date) -> date:
    """Return the first day on which a month is folded into mere counts."""
    return _months_on(month, KEPT_MONTHS + 1)


def _months_on(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
