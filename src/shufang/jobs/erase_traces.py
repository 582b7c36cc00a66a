"""Small traces of readers go when they have served: last patrons, tries, codes, sessions, what conflicts named.

A settled conflict forgets card and item at once. One that nobody settles forgets the card after SHUFANG_CONFLICT_DAYS;
it stays before staff with its item, its machine and its hour. So does one whose item has come back since: card and item
of a finished loan never stand together.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Upper
from django.utils import timezone

from shufang.circulation.models import Conflict, Event, LastPatron
from shufang.jobs.portions import change, delete
from shufang.notices.kept import CODES
from shufang.patrons.models import OneTimeCode, PatronSession, PinFailures, Tries
from shufang.patrons.sessions import OTHER_DEVICE, OWN_DEVICE
from shufang.patrons.tries import KEPT


def run(now: datetime) -> dict[str, int]:
    """Erase."""
    quiet = Q(locked_until__isnull=True) | Q(locked_until__lt=now)
    named = Q(settled_at__isnull=False) & (~Q(card_number="") | ~Q(barcode=""))
    waits_long = Q(settled_at__isnull=True, at__lt=now - timedelta(days=settings.SHUFANG_CONFLICT_DAYS))
    unused = Q(is_own_device=True, seen_at__lt=now - OWN_DEVICE) | Q(
        is_own_device=False, seen_at__lt=now - OTHER_DEVICE
    )
    return {
        "last patrons": delete(LastPatron.objects.filter(until__lt=timezone.localdate(now))),
        "PIN failures": delete(PinFailures.objects.filter(quiet, last_at__lt=now - KEPT)),
        "tries": delete(Tries.objects.filter(since__lt=now - KEPT)),
        "codes": delete(OneTimeCode.objects.filter(created_at__lt=now - CODES)),
        "sessions": delete(PatronSession.objects.filter(unused | ~Q(pin_version=F("patron__pin_version")))),
        "conflicts": change(Conflict.objects.filter(named), card_number="", barcode=""),
        "unsettled conflicts": change(
            Conflict.objects.filter(waits_long | Exists(_came_back())).exclude(card_number=""), card_number=""
        ),
    }


def _came_back() -> QuerySet[Event]:
    """Return the returns of a conflict's item after it was reported."""
    barcode = Upper(OuterRef("barcode"))
    return Event.objects.filter(verb="checkin", item__barcode=barcode, at__gte=OuterRef("at"))
