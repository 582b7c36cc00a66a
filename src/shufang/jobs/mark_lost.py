"""Items overdue for longer than their policy bears count as lost, and their patrons hear of it."""

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from shufang.circulation.item_at_hand import ItemChanged
from shufang.circulation.mark_lost import MarkLost, mark_lost
from shufang.circulation.models import Loan
from shufang.circulation.place import Place
from shufang.jobs.portions import each_alone
from shufang.notices.outbox import put


def run(now: datetime) -> dict[str, int]:
    """Mark lost by the policy fixed on the loan; days are local days since the due date."""
    return {"lost": each_alone(_too_late(now), lambda loan: _lose(loan, now))}


def _too_late(now: datetime) -> list[Loan]:
    overdue = Loan.objects.filter(status=Loan.Status.OPEN, policy__lost_after_days__isnull=False, due_at__lt=now)
    least = overdue.aggregate(least=Min("policy__lost_after_days"))["least"]
    if least is None:
        return []
    late = overdue.filter(due_at__lt=now - timedelta(days=least - 1)).select_related("policy", "item").order_by("id")
    return [loan for loan in late if _days(loan, now) >= (loan.policy.lost_after_days or 0)]


def _days(loan: Loan, now: datetime) -> int:
    return (timezone.localdate(now) - timezone.localdate(loan.due_at)).days


def _lose(loan: Loan, now: datetime) -> bool:
    done = mark_lost(MarkLost(loan.item.barcode, Place(loan.calendar_branch_id), loan_id=loan.pk), now)
    if not isinstance(done, ItemChanged):
        return False
    put("lost", "loan", loan.pk, occasion=timezone.localdate(loan.due_at).isoformat(), now=now)
    return True
