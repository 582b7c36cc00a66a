"""Small traces of readers go when they have served: last patrons, PIN failures, what conflicts named.

A settled conflict forgets card and item at once. One that nobody settles forgets the card after SHUFANG_CONFLICT_DAYS;
it stays before staff with its item, its machine and its hour.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from shufang.circulation.models import Conflict, LastPatron
from shufang.jobs.portions import change, delete
from shufang.patrons.models import PinFailures

PIN_FAILURES = timedelta(days=1)


def run(now: datetime) -> dict[str, int]:
    """Erase."""
    quiet = Q(locked_until__isnull=True) | Q(locked_until__lt=now)
    named = Q(settled_at__isnull=False) & (~Q(card_number="") | ~Q(barcode=""))
    waits_long = Q(settled_at__isnull=True, at__lt=now - timedelta(days=settings.SHUFANG_CONFLICT_DAYS))
    return {
        "last patrons": delete(LastPatron.objects.filter(until__lt=timezone.localdate(now))),
        "PIN failures": delete(PinFailures.objects.filter(quiet, last_at__lt=now - PIN_FAILURES)),
        "conflicts": change(Conflict.objects.filter(named), card_number="", barcode=""),
        "unsettled conflicts": change(Conflict.objects.filter(waits_long).exclude(card_number=""), card_number=""),
    }
