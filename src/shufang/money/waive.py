"""Waiving a charge, or a part of it, with a reason that stands in the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from shufang.audit.trail import record
from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron, raise_revision
from shufang.money.models import Charge, Settlement
from shufang.money.pay import is_payable
from shufang.money.settling import settle


@dataclass(frozen=True, slots=True)
class Waive:
    """Staff let a patron off: all that is left of a charge, or `amount` of it."""

    charge_id: int
    user_id: int
    reason: str
    amount: Decimal | None = None
    user_name: str = ""


@dataclass(frozen=True, slots=True)
class Waived:
    """What was waived and what is left of the charge."""

    charge_id: int
    patron_id: int
    patron_revision: int
    waived: Decimal
    left: Decimal


def waive(command: Waive, now: datetime) -> Waived | Refusal:
    """Waive. Refuses reason_missing, charge_unknown, nothing_to_pay (settled already), amount_invalid, overpayment."""
    if not command.reason.strip():
        return Refusal("reason_missing")
    with transaction.atomic():
        patron_id = Charge.objects.filter(pk=command.charge_id).values_list("patron_id", flat=True).first()
        if patron_id is None:
            return Refusal("charge_unknown")
        patron = lock_patron(patron_id)
        charge = Charge.objects.get(pk=command.charge_id)
        left = charge.amount - charge.settled
        part = left if command.amount is None else command.amount
        refusal = _refusal(left, part)
        if refusal is not None:
            return refusal
        settle(charge, Settlement.Kind.WAIVED, part, now, user_id=command.user_id, reason=command.reason.strip())
        record(command.user_id, command.user_name, "waive", "charge", charge.pk, command.reason.strip(), now)
        return Waived(charge.pk, patron.pk, raise_revision(patron), part, left - part)


def _refusal(left: Decimal, part: Decimal) -> Refusal | None:
    if left == 0:
        return Refusal("nothing_to_pay")
    if not is_payable(part):
        return Refusal("amount_invalid")
    if part > left:
        return Refusal("overpayment", {"amount": part, "owed": left})
    return None
