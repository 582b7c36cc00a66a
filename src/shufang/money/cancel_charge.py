"""Cancelling a charge whose reason fell away: what is open is cancelled, what was paid is owed back to the patron."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from shufang.kernel import money
from shufang.money.models import Charge, RefundDue, Settlement
from shufang.money.settling import settle


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What fell away unpaid, and what had been paid and is now due back."""

    cancelled: Decimal
    refund_due: Decimal


def cancel_charges_of_loan(
    loan_id: int, kinds: Iterable[Charge.Kind], now: datetime, reason: str, *, raised_at: datetime | None = None
) -> Cancelled:
    """Cancel the charges of these kinds of one loan, in the caller's transaction that has locked its patron.

    What was paid becomes a `RefundDue`, once; waived parts stay waived. Doing it twice does nothing more. `raised_at`:
    only what was charged at that very moment, by the verb that is undone. All is told by the local day alone: the moment
    is that of an event, which names the book (PRIVACY.md 12).
    """
    day = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    cancelled = refund = money.ZERO
    charges = Charge.objects.filter(loan_id=loan_id, kind__in=list(kinds), patron__isnull=False)
    if raised_at is not None:
        charges = charges.filter(created_at=raised_at)
    for charge in charges.order_by("id"):
        left = charge.amount - charge.settled
        if left > 0:
            settle(charge, Settlement.Kind.CANCELLED, left, day, reason=reason)
            cancelled += left
        refund += _owe_back(charge, day)
    return Cancelled(cancelled, refund)


def _owe_back(charge: Charge, day: datetime) -> Decimal:
    paid = Settlement.objects.filter(charge=charge, kind=Settlement.Kind.PAID).aggregate(sum=Sum("amount"))["sum"]
    if not paid or charge.patron_id is None:
        return money.ZERO
    _due, is_new = RefundDue.objects.get_or_create(
        charge=charge,
        defaults={
            "patron_id": charge.patron_id,
            "library_id": charge.library_id,
            "amount": money.amount(paid),
            "created_at": day,
        },
    )
    return money.amount(paid) if is_new else money.ZERO
