"""Deposits: money held for a card while it needs it. Paid once, held, refunded; each with its own record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey, repeated, stored_reply
from shufang.kernel import money
from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron, owed, raise_revision, still_open
from shufang.money.models import Deposit, Payment
from shufang.money.pay import apply
from shufang.patrons.models import Card, Patron

KEPT = "deposit"
"""The method of a payment that moves held money to charges; no money comes in by it."""
LISTENERS: dict[str, Callable[[Deposit, datetime], None]] = {}
"""Who above is told of a deposit that is held now or went back, in its transaction. `refunded_at` says which."""


@dataclass(frozen=True, slots=True)
class PayDeposit:
    """The deposit that a card's kind asks for is paid by `method`."""

    card_number: str
    method: str
    branch_id: int | None = None
    device_id: int | None = None
    user_id: int | None = None
    scope: str = ""
    reference: str | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class DepositPaid:
    """The deposit that is held now."""

    deposit_id: int
    payment_id: int
    patron_id: int
    patron_revision: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RefundDeposit:
    """The deposit goes back by `method`; `settles_charges`: what is owed is kept from it first.

    `ends_card`: the card that needs it ends in the same transaction (the caller's).
    """

    patron_id: int
    method: str
    user_id: int | None = None
    branch_id: int | None = None
    settles_charges: bool = False
    ends_card: bool = False


@dataclass(frozen=True, slots=True)
class DepositRefunded:
    """What went back and what was kept against charges; `payment_id` is empty when all of it was kept."""

    deposit_id: int
    payment_id: int | None
    patron_id: int
    patron_revision: int
    refunded: Decimal
    kept: Decimal


def held(patron_id: int) -> Deposit | None:
    """Return the deposit held for a patron, if any. One query."""
    return Deposit.objects.filter(patron_id=patron_id, refunded_at__isnull=True).first()


def is_missing(patron_id: int, asked: Decimal) -> bool:
    """Say whether a card that asks for this deposit lacks it: none is held, or less. At most one query."""
    if asked == 0:
        return False
    deposit = held(patron_id)
    return deposit is None or deposit.amount < asked


def pay_deposit(command: PayDeposit, now: datetime) -> DepositPaid | Refusal | Repeated:
    """Take the deposit of a card's kind. Refuses card_unknown, deposit_not_needed, deposit_held, reference_used.

    Who changes to a kind with another deposit gets the old one back first.
    """
    with transaction.atomic():
        card = Card.objects.select_related("kind").filter(number=command.card_number).first()
        if card is None:
            return Refusal("card_unknown", {"card_number": command.card_number})
        patron = lock_patron(card.patron_id)
        again = repeated(command.request, stored_reply("patron", patron.pk), patron.revision, now)
        if again is not None:
            return again
        refusal = _refusal(command, card)
        return refusal or _record(command, card, patron, now)


def _refusal(command: PayDeposit, card: Card) -> Refusal | None:
    if card.kind.deposit == 0:
        return Refusal("deposit_not_needed")
    deposit = held(card.patron_id)
    if deposit is not None:
        return Refusal("deposit_held", {"amount": deposit.amount})
    used = command.reference is not None and Payment.objects.filter(scope=command.scope, reference=command.reference)
    return Refusal("reference_used") if used and used.exists() else None


def _record(command: PayDeposit, card: Card, patron: Patron, now: datetime) -> DepositPaid:
    payment = Payment.objects.create(
        patron=patron,
        amount=card.kind.deposit,
        method=command.method,
        at=now,
        branch_id=command.branch_id,
        device_id=command.device_id,
        user_id=command.user_id,
        scope=command.scope,
        reference=command.reference,
    )
    deposit = Deposit.objects.create(
        patron=patron, card=card, library_id=card.library_id, amount=payment.amount, paid_at=now, payment=payment
    )
    _tell(deposit, now)
    return DepositPaid(deposit.pk, payment.pk, patron.pk, raise_revision(patron), payment.amount)


def _tell(deposit: Deposit, now: datetime) -> None:
    for listener in LISTENERS.values():
        listener(deposit, now)


def move_deposit(patron_id: int, card_id: int) -> None:
    """Let a replacement card carry the held deposit on, in the caller's transaction that has locked the patron."""
    Deposit.objects.filter(patron_id=patron_id, refunded_at__isnull=True).update(card_id=card_id)


def refund_deposit(command: RefundDeposit, now: datetime) -> DepositRefunded | Refusal:
    """Give the deposit back. Refuses deposit_not_held, deposit_needed (a good card lends on it), and charges_open unless
    they are settled from it.

    More owed than held is refused too (charges_open): the rest must be paid first. Open loans are the caller's matter.
    """
    with transaction.atomic():
        patron = lock_patron(command.patron_id)
        deposit = held(patron.pk)
        if deposit is None:
            return Refusal("deposit_not_held")
        if not command.ends_card and _is_needed(patron.pk):
            return Refusal("deposit_needed", {"amount": deposit.amount})
        debt = owed(patron.pk)
        if debt > (deposit.amount if command.settles_charges else money.ZERO):
            return Refusal("charges_open", {"owed": debt})
        return _give_back(command, patron, deposit, debt, now)


def _is_needed(patron_id: int) -> bool:
    good = Card.objects.filter(patron_id=patron_id, status__in=[Card.Status.ISSUED, Card.Status.ACTIVE])
    return good.filter(kind__deposit__gt=0).exists()


def _give_back(
    command: RefundDeposit, patron: Patron, deposit: Deposit, kept: Decimal, now: datetime
) -> DepositRefunded:
    def moved(amount: Decimal, method: str) -> Payment:
        return Payment.objects.create(
            patron=patron,
            amount=amount,
            method=method,
            at=now,
            branch_id=command.branch_id,
            user_id=command.user_id,
        )

    if kept:
        apply(moved(kept, KEPT), list(still_open(patron.pk)), kept, now)
    rest = deposit.amount - kept
    deposit.refund = moved(-rest, command.method) if rest else None
    deposit.kept = kept
    deposit.refunded_at = now
    deposit.save(update_fields=["refund", "kept", "refunded_at"])
    _tell(deposit, now)
    payment_id = deposit.refund.pk if deposit.refund else None
    return DepositRefunded(deposit.pk, payment_id, patron.pk, raise_revision(patron), rest, kept)
