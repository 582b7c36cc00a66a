"""Money that came in although nothing stands against it (any more): it is booked, and owed back."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.utils import timezone

from shufang.money.charges import raise_revision
from shufang.money.models import Payment, RefundDue
from shufang.patrons.models import Card, Patron


@dataclass(frozen=True, slots=True)
class TakeSurplus:
    """What came for a card's patron, all of which is owed back."""

    card: Card
    amount: Decimal
    method: str
    branch_id: int | None
    device_id: int | None
    scope: str
    reference: str


def take_surplus(command: TakeSurplus, now: datetime) -> int:
    """Book the payment and owe it back, in the caller's transaction that has locked the patron; return the payment's id."""
    patron = Patron.objects.get(pk=command.card.patron_id)
    payment = Payment.objects.create(
        patron=patron,
        amount=command.amount,
        method=command.method,
        at=now,
        branch_id=command.branch_id,
        device_id=command.device_id,
        scope=command.scope,
        reference=command.reference,
    )
    owe_back(payment, command.amount, command.card.library_id, now)
    raise_revision(patron)
    return payment.pk


def owe_back(payment: Payment, surplus: Decimal, library_id: int, now: datetime) -> None:
    """Owe the patron of a payment what nothing was settled with. Told by the local day, as all refunds are."""
    RefundDue.objects.create(
        patron_id=payment.patron_id,
        library_id=library_id,
        surplus_of=payment,
        amount=surplus,
        created_at=timezone.make_aware(datetime.combine(timezone.localdate(now), time())),
    )
