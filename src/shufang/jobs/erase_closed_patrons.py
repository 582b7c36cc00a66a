"""Patrons who closed their cards are forgotten: name, birth, contacts, identity, PIN. The bare row stays for sums."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from shufang.circulation.models import Hold, Loan
from shufang.jobs.portions import each_alone
from shufang.lists.keeping import erase_lists
from shufang.money.models import Charge, Deposit, RefundDue
from shufang.patrons.models import Patron
from shufang.registration.forgetting import GONE, forget_patron


def run(now: datetime) -> dict[str, int]:
    """Forget who closed SHUFANG_CLOSED_PATRON_DAYS ago and neither has nor owes nor is owed anything."""
    long_ago = now - timedelta(days=settings.SHUFANG_CLOSED_PATRON_DAYS)
    closed = Patron.objects.filter(closed_at__lt=long_ago).exclude(name=GONE)
    for open_thing in (
        Loan.objects.filter(patron_id=OuterRef("pk")),
        Hold.objects.filter(patron_id=OuterRef("pk")),
        Charge.objects.filter(patron_id=OuterRef("pk"), settled_at__isnull=True),
        Deposit.objects.filter(patron_id=OuterRef("pk"), refunded_at__isnull=True),
        RefundDue.objects.filter(patron_id=OuterRef("pk"), refund__isnull=True),
    ):
        closed = closed.exclude(Exists(open_thing))
    return {"forgotten": each_alone(closed.order_by("id").values_list("id", flat=True), _forget)}


def _forget(patron_id: int) -> bool:
    patron = Patron.objects.select_for_update(no_key=True).get(pk=patron_id)
    patron.history.all().delete()
    erase_lists(patron.pk)
    forget_patron(patron)
    return True
