"""Cards on phones whose session has ended are forgotten once no kiosk's queue can name them any more."""

from datetime import datetime

from shufang.jobs.portions import change, delete
from shufang.patrons.models import PhoneCard
from shufang.patrons.phone_card import USED_KEPT


def run(now: datetime) -> dict[str, int]:
    """Write down when a session was found gone, and erase what ended long enough ago."""
    return {
        "ended": change(PhoneCard.objects.filter(session__isnull=True, ended_at__isnull=True), ended_at=now),
        "erased": delete(PhoneCard.objects.filter(session__isnull=True, ended_at__lt=now - USED_KEPT)),
    }
