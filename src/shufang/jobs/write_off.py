"""Lost items that were paid for (or waived) and can no longer be refunded are written off: their readers are forgotten."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from shufang.circulation.item_at_hand import ItemChanged
from shufang.circulation.models import Loan
from shufang.circulation.place import Place
from shufang.circulation.write_off import WriteOff, write_off
from shufang.jobs.portions import each_alone
from shufang.money.models import Charge


def run(now: datetime) -> dict[str, int]:
    """Write off when the policy's `lost_refunds_days` have passed since the loss. Claims are left to staff."""
    return {"written off": each_alone(_done_with(now), lambda loan: _end(loan, now))}


def _done_with(now: datetime) -> list[Loan]:
    owing = Charge.objects.filter(loan_id=OuterRef("pk"), settled_at__isnull=True)
    lost = Loan.objects.filter(status=Loan.Status.LOST).exclude(Exists(owing)).select_related("policy", "item")
    return [
        loan
        for loan in lost.order_by("id")
        if now - loan.item.status_since > timedelta(days=loan.policy.lost_refunds_days)
    ]


def _end(loan: Loan, now: datetime) -> bool:
    command = WriteOff(loan.item.barcode, Place(loan.calendar_branch_id), loan_id=loan.pk)
    return isinstance(write_off(command, now), ItemChanged)
