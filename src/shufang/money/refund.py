"""Paying back what a patron is owed because a charge that he had paid was cancelled."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron, raise_revision
from shufang.money.models import Payment, RefundDue


@dataclass(frozen=True, slots=True)
class Refund:
    """Staff hand the money back by `method`."""

    refund_due_id: int
    method: str
    user_id: int
    branch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Refunded:
    """The (negative) payment by which the money went back."""

    payment_id: int
    patron_id: int
    patron_revision: int
    amount: Decimal


def refund(command: Refund, now: datetime) -> Refunded | Refusal:
    """Pay a due refund back, once. Refuses refund_unknown, refund_paid."""
    with transaction.atomic():
        patron_id = RefundDue.objects.filter(pk=command.refund_due_id).values_list("patron_id", flat=True).first()
        if patron_id is None:
            return Refusal("refund_unknown")
        patron = lock_patron(patron_id)
        due = RefundDue.objects.get(pk=command.refund_due_id)
        if due.refund_id is not None:
            return Refusal("refund_paid")
        due.refund = Payment.objects.create(
            patron=patron,
            amount=-due.amount,
            method=command.method,
            at=now,
            branch_id=command.branch_id,
            user_id=command.user_id,
        )
        due.save(update_fields=["refund"])
        return Refunded(due.refund.pk, patron.pk, raise_revision(patron), due.amount)
