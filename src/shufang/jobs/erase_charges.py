"""What was owed and paid is forgotten in two steps (PRIVACY.md 6).

At once, when a charge is settled and its loan has ended: the item and the loan, and the hour (a return's event has the
same one). After SHUFANG_SETTLED_CHARGE_DAYS: the patron, of the charge, its payments and refunds, and the card of a
payment that was tried through a provider.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from shufang.circulation.models import Loan
from shufang.jobs.portions import change, in_portions
from shufang.money.models import Charge, Deposit, OnlinePayment, Payment, RefundDue


def run(now: datetime) -> dict[str, int]:
    """Forget. Charges of an open loan keep all: a lost item may come back and its price be owed back."""
    long_ago = now - timedelta(days=settings.SHUFANG_SETTLED_CHARGE_DAYS)
    owed_back = RefundDue.objects.filter(charge_id=OuterRef("pk"), refund__isnull=True)
    charges = (
        Charge.objects.filter(settled_at__lt=long_ago, patron__isnull=False)
        .exclude(Exists(owed_back))
        .exclude(Exists(_still_out()))
    )
    return {
        "cut from their items": _cut_from_items(),
        "charges without patron": change(charges, patron=None),
        "refunds without patron": change(
            RefundDue.objects.filter(patron__isnull=False, refund__at__lt=long_ago), patron=None
        ),
        "payments without patron": change(_old_payments(long_ago), patron=None),
        "orders without card": change(_old_orders(long_ago), card=None),
    }


def _still_out() -> QuerySet[Loan]:
    """Return a charge's loan if it is open. Who has paid for a lost item must be known when it comes back."""
    return Loan.objects.filter(pk=OuterRef("loan_id")).exclude(status=Loan.Status.CLOSED)


def _cut_from_items() -> int:
    settled = Charge.objects.filter(Q(item__isnull=False) | Q(loan_id__isnull=False), settled_at__isnull=False).exclude(
        Exists(_still_out())
    )

    def cut(charge: Charge) -> bool:
        day = timezone.make_aware(datetime.combine(timezone.localdate(charge.created_at), time()))
        return bool(settled.filter(pk=charge.pk).update(item=None, loan_id=None, created_at=day))

    return in_portions(settled.order_by("id"), cut)


def _old_payments(long_ago: datetime) -> QuerySet[Payment]:
    """Return payments older than that; a held deposit's keeps its patron, to whom it must go back."""
    held = Deposit.objects.filter(payment_id=OuterRef("pk"), refunded_at__isnull=True)
    unsettled = Charge.objects.filter(settlements__payment_id=OuterRef("pk"), settled_at__isnull=True)
    surplus = RefundDue.objects.filter(surplus_of_id=OuterRef("pk"), refund__isnull=True)
    old = Payment.objects.filter(at__lt=long_ago, patron__isnull=False)
    return old.exclude(Exists(held)).exclude(Exists(unsettled)).exclude(Exists(surplus))


def _old_orders(long_ago: datetime) -> QuerySet[OnlinePayment]:
    """Return orders that ended before that; one whose payment still names its patron keeps the card too."""
    orders = OnlinePayment.objects.filter(ended_at__lt=long_ago, card__isnull=False)
    return orders.exclude(payment__patron__isnull=False)
