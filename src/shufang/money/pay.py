"""Paying: oldest charges first, one reference once, never more than is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db import IntegrityError, transaction

from shufang.branches.replies import Repeated, RequestKey, repeated, stored_reply
from shufang.kernel import money
from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron, raise_revision, still_open
from shufang.money.models import Charge, Payment, Settlement
from shufang.money.settling import settle
from shufang.money.surplus import owe_back
from shufang.patrons.models import Card, Patron


@dataclass(frozen=True, slots=True)
class Pay:
    """Money that came in for a card's patron.

    `charge_id`: only this charge; `kind`: charges of this kind first, then the others. `reference` counts once within
    `scope` (a device's account, a provider); for 37 with BK it comes from `terminal_reference`. `owes_back_surplus`: the
    money is in already (a provider took it); what is more than is owed is owed back instead of refused.
    """

    card_number: str
    amount: Decimal
    method: str
    branch_id: int | None = None
    device_id: int | None = None
    user_id: int | None = None
    charge_id: int | None = None
    kind: Charge.Kind | None = None
    scope: str = ""
    reference: str | None = None
    request: RequestKey | None = None
    owes_back_surplus: bool = False


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid, what is left to pay, and what is owed back of it. `was_paid_before`: the reference had counted
    already; nothing was done.
    """

    payment_id: int
    patron_id: int
    patron_revision: int
    applied: Decimal
    left: Decimal
    was_paid_before: bool = False
    surplus: Decimal = money.ZERO


def pay(command: Pay, now: datetime) -> Paid | Refusal | Repeated:
    """Settle charges with a payment. Refuses card_unknown, amount_invalid, reference_used, charge_unknown,
    nothing_to_pay, overpayment. Any card of the patron will do, also one that lends no more.
    """
    try:
        return _pay(command, now)
    except IntegrityError:
        if _earlier(command) is None:
            raise
        return Refusal("reference_used")


def _pay(command: Pay, now: datetime) -> Paid | Refusal | Repeated:
    with transaction.atomic():
        card = Card.objects.filter(number=command.card_number).first()
        if card is None:
            return Refusal("card_unknown", {"card_number": command.card_number})
        patron = lock_patron(card.patron_id)
        again = repeated(command.request, stored_reply("patron", patron.pk), patron.revision, now)
        if again is not None:
            return again
        earlier = _earlier(command)
        if earlier is not None:
            return _counted_before(earlier, command, patron)
        charges = _charges(command, patron)
        refusal = _refusal(command, charges)
        return refusal or _record(command, patron, charges, card.library_id, now)


def terminal_reference(transaction_id: str, date_text: str, card_number: str, amount: Decimal) -> str:
    """Return the reference of a SIP2 fee paid with BK: unique by BK, transaction date, patron and amount.

    The account is the payment's `scope`. The card stands in it as a part of a digest only.
    """
    parts = "\x1f".join((transaction_id, date_text, card_number, f"{amount:.2f}"))
    return f"{transaction_id[:48]}:{sha256(parts.encode()).hexdigest()[:40]}"


def _earlier(command: Pay) -> Payment | None:
    if command.reference is None:
        return None
    return Payment.objects.filter(scope=command.scope, reference=command.reference).first()


def _counted_before(earlier: Payment, command: Pay, patron: Patron) -> Paid | Refusal:
    if earlier.patron_id != patron.pk or earlier.amount != command.amount:
        return Refusal("reference_used")
    left = sum((charge.amount - charge.settled for charge in still_open(patron.pk)), money.ZERO)
    return Paid(earlier.pk, patron.pk, patron.revision, earlier.amount, left, was_paid_before=True)


def _charges(command: Pay, patron: Patron) -> list[Charge]:
    charges = list(still_open(patron.pk))
    if command.charge_id is not None:
        return [charge for charge in charges if charge.pk == command.charge_id]
    return sorted(charges, key=lambda charge: charge.kind != command.kind) if command.kind else charges


def _refusal(command: Pay, charges: Sequence[Charge]) -> Refusal | None:
    if not is_payable(command.amount):
        return Refusal("amount_invalid")
    if command.owes_back_surplus:
        return None
    if not charges:
        return Refusal("nothing_to_pay" if command.charge_id is None else "charge_unknown")
    owed = sum((charge.amount - charge.settled for charge in charges), money.ZERO)
    if command.amount > owed:
        return Refusal("overpayment", {"amount": command.amount, "owed": owed})
    return None


def is_payable(value: Decimal) -> bool:
    """Say whether a value is an amount that can be paid: above nothing, whole cents, not too large."""
    try:
        return value > 0 and money.amount(value) == value
    except (ValueError, ArithmeticError):
        return False


def _record(command: Pay, patron: Patron, charges: Sequence[Charge], library_id: int, now: datetime) -> Paid:
    payment = Payment.objects.create(
        patron=patron,
        amount=command.amount,
        method=command.method,
        at=now,
        branch_id=command.branch_id,
        device_id=command.device_id,
        user_id=command.user_id,
        scope=command.scope,
        reference=command.reference,
    )
    surplus = apply(payment, charges, command.amount, now)
    if surplus:
        owe_back(payment, surplus, library_id, now)
    left = sum((charge.amount - charge.settled for charge in still_open(patron.pk)), money.ZERO)
    return Paid(payment.pk, patron.pk, raise_revision(patron), command.amount - surplus, left, surplus=surplus)


def apply(payment: Payment, charges: Sequence[Charge], amount: Decimal, now: datetime) -> Decimal:
    """Settle `charges` in their order with `amount` of a payment, until it is used up; return what is left of it."""
    for charge in charges:
        part = min(charge.amount - charge.settled, amount)
        if part > 0:
            settle(charge, Settlement.Kind.PAID, part, now, payment=payment, user_id=payment.user_id)
        amount -= part
    return amount
