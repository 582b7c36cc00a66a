"""When did it happen, by a terminal whose clock may stand still or run wrong?"""

from datetime import datetime, timedelta

from django.utils import timezone

from shufang.sip2 import dates

OLDEST = timedelta(days=90)
AHEAD = timedelta(minutes=5)


def moment(text: str) -> datetime | None:
    """Return a wire date, aware; None when it is blank or none."""
    return dates.read(text, timezone.get_default_timezone())


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
