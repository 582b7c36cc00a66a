"""Until when an item waits on the hold shelf of a branch."""

from datetime import datetime, time

from django.utils import timezone

from shufang.branches.calendar import calendars
from shufang.branches.models import Branch
from shufang.circulation.rules.holds import last_shelf_day


def ends(branch: Branch, now: datetime) -> datetime:
    """Return the end (local midnight, aware) of the last day on the shelf: `shelf_days` open days of the branch. One query."""
    day = last_shelf_day(timezone.localdate(now), branch.shelf_days, calendars([branch])[branch.pk].is_open)
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
