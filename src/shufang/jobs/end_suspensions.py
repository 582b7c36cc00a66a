"""Suspended holds whose last day has passed wait again, at the place they kept."""

from datetime import datetime

from django.utils import timezone

from shufang.circulation.models import Hold
from shufang.jobs.portions import change


def run(now: datetime) -> dict[str, int]:
    """Resume. The queue passed over them only until their day anyway (rules/holds.py), so nothing is missed before."""
    over = Hold.objects.filter(
        status=Hold.Status.WAITING, is_suspended=True, suspended_until__lt=timezone.localdate(now)
    )
    return {"resumed": change(over, is_suspended=False, suspended_until=None)}
