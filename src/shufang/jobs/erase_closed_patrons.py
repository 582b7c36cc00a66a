"""Patrons who closed their cards are forgotten: name, birth, contacts, identity, PIN. The bare row stays for sums."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from shufang.circulation.models import Hold, Loan
from shufang.jobs.portions import each_alone
from shufang.money.models import Charge, Deposit, RefundDue
from shufang.patrons.models import Block, Guardianship, HistoryConsent, Patron

GONE = "-"
"""What stands for the name of a forgotten patron."""


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
    HistoryConsent.objects.filter(patron=patron).delete()
    Block.objects.filter(patron=patron).delete()
    Guardianship.objects.filter(guardian=patron).delete()
    Guardianship.objects.filter(minor=patron).delete()
    patron.name = GONE
    patron.birth_date = None
    patron.phone = patron.email = patron.address = patron.notes = ""
    patron.identity_kind = patron.identity_mask = patron.pin_hash = ""
    patron.identity_hash = None
    patron.home_branch = None
    patron.keeps_history = False
    patron.save()
    return True
