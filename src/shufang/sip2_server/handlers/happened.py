"""When did it happen, by a terminal whose clock may stand still or run wrong?"""

from datetime import datetime, timedelta

from django.utils import timezone

from shufang.sip2 import dates

OLDEST = timedelta(days=90)
AHEAD = timedelta(minutes=5)


LONGEST_PROMISE = timedelta(days=366)
YEARS = range(1900, 9000)
"""Of dates that can be counted with in every time zone; terminals without a date send the first year or the last."""


def moment(text: str) -> datetime | None:
    """Return a wire date, aware; None when it is blank or none, or beyond YEARS."""
    at = dates.read(text, timezone.get_default_timezone())
    return at if at is not None and at.year in YEARS else None


def promised(text: str, now: datetime) -> datetime | None:
    """Return the due date that a machine has told a reader while the line was down; None: policy's.

    One beyond LONGEST_PROMISE comes from a clock that was wrong, and would make the loan endless.
    """
    at = moment(text)
    return at if at is not None and at <= now + LONGEST_PROMISE else None


def happened(text: str, now: datetime) -> datetime:
    """Return when a no-block request happened: its date if the last 90 days hold it, else now."""
    at = moment(text)
    if at is None or at > now + AHEAD or at < now - OLDEST:
        return now
    return min(at, now)


def returned(date: str, return_date: str, now: datetime) -> datetime | None:
    """Return when an item was returned, None for now.

    Both dates are by the terminal's clock: their distance is right when the clock is wrong or stands still.
    """
    sent, back = moment(date), moment(return_date)
    if sent is None or back is None or not timedelta(minutes=1) <= sent - back <= OLDEST:
        return None
    return now - (sent - back)
