"""Paying through a provider: an order is started, the provider confirms it, and the money counts once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.money.confirming import Confirmed, ConfirmPayment, confirm_payment
from shufang.money.deposits import held
from shufang.money.models import OnlinePayment
from shufang.money.pay import is_payable
from shufang.money.providers.in_use import provider
from shufang.money.providers.interface import Order, PaymentProvider, ProviderError
from shufang.patrons.models import Card

__all__ = [
    "ConfirmPayment", "Confirmed", "OnlineState", "PaymentStarted", "StartPayment", "confirm_payment", "start_payment",
    "state_of",
]  # fmt: skip

Purpose = OnlinePayment.Purpose
Status = OnlinePayment.Status
SAME_ORDER = timedelta(minutes=10)
"""A second wish to pay the same within this time is led to the order that was started."""


@dataclass(frozen=True, slots=True)
class StartPayment:
    """A reader wants to pay. `amount` empty: all that is owed now; a deposit's is its card kind's.

    In `return_url` and `callback_url` the text {reference} stands for our reference, {provider} for the provider's code.
    """

    card_number: str
    purpose: OnlinePayment.Purpose
    return_url: str
    callback_url: str
    amount: Decimal | None = None
    branch_id: int | None = None
    device_id: int | None = None


@dataclass(frozen=True, slots=True)
class PaymentStarted:
    """Where to pay: `address` is a page (http…) or the text of a QR code; a page may be shown as a QR code too."""

    reference: str
    address: str
    amount: Decimal
    was_started_before: bool = False


@dataclass(frozen=True, slots=True)
class OnlineState:
    """How an order stands. `payment_id` once it has counted."""

    reference: str
    patron_id: int | None
    purpose: OnlinePayment.Purpose
    status: OnlinePayment.Status
    amount: Decimal
    address: str
    payment_id: int | None


def start_payment(command: StartPayment, now: datetime) -> PaymentStarted | Refusal:
    """Start. Refuses payment_not_offered, card_unknown, nothing_to_pay, amount_invalid, overpayment, deposit_not_needed,
    deposit_held, provider_unreachable.

    The order is committed before the provider hears of it, so that no call-back can come too early.
    """
    through = provider()
    if through is None:
        return Refusal("payment_not_offered")
    with transaction.atomic():
        card = Card.objects.select_related("kind").filter(number=command.card_number).first()
        if card is None:
            return Refusal("card_unknown", {"card_number": command.card_number})
        amount = _amount(command, card)
        if isinstance(amount, Refusal):
            return amount
        before = _started_before(card, command, through.code, amount, now)
        if before is not None:
            return PaymentStarted(before.reference, before.address, before.amount, was_started_before=True)
        order = OnlinePayment.objects.create(
            reference=secrets.token_urlsafe(18),
            provider=through.code,
            card=card,
            branch_id=command.branch_id,
            device_id=command.device_id,
            purpose=command.purpose,
            amount=amount,
            started_at=now,
        )
    return _registered(order, command, through, now)


def state_of(reference: str) -> OnlineState | None:
    """Return how an order stands; None for an unknown reference. One query."""
    order = OnlinePayment.objects.select_related("card").filter(reference=reference).first()
    if order is None:
        return None
    return OnlineState(
        reference=order.reference,
        patron_id=order.card.patron_id if order.card else None,
        purpose=Purpose(order.purpose),
        status=Status(order.status),
        amount=order.amount,
        address=order.address,
        payment_id=order.payment_id,
    )


def _amount(command: StartPayment, card: Card) -> Decimal | Refusal:
    """Return what the order is about, as it stands now; it stays so whatever happens until the money comes."""
    if command.purpose == Purpose.DEPOSIT:
        deposit = held(card.patron_id)
        if deposit is not None:
            return Refusal("deposit_held", {"amount": deposit.amount})
        return card.kind.deposit or Refusal("deposit_not_needed")
    debt = owed(card.patron_id)
    if debt == 0:
        return Refusal("nothing_to_pay")
    amount = debt if command.amount is None else command.amount
    if not is_payable(amount):
        return Refusal("amount_invalid")
    return amount if amount <= debt else Refusal("overpayment", {"amount": amount, "owed": debt})


def _started_before(
    card: Card, command: StartPayment, provider_code: str, amount: Decimal, now: datetime
) -> OnlinePayment | None:
    orders = OnlinePayment.objects.filter(
        card=card, purpose=command.purpose, amount=amount, provider=provider_code, status=Status.STARTED
    ).exclude(address="")
    return orders.filter(started_at__gt=now - SAME_ORDER, started_at__lte=now).order_by("-id").first()


def _registered(
    order: OnlinePayment, command: StartPayment, through: PaymentProvider, now: datetime
) -> PaymentStarted | Refusal:
    """Tell the provider of an order, outside of any transaction of ours."""

    def filled(url: str) -> str:
        return url.replace("{reference}", order.reference).replace("{provider}", through.code)

    told = Order(order.reference, order.amount, order.purpose, filled(command.return_url), filled(command.callback_url))
    rows = OnlinePayment.objects.filter(pk=order.pk)
    try:
        address = through.start(told)
    except ProviderError:
        rows.filter(status=Status.STARTED).update(status=Status.DECLINED, ended_at=now)
        return Refusal("provider_unreachable")
    rows.update(address=address)
    return PaymentStarted(order.reference, address, order.amount)
