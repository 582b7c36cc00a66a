"""What a provider tells us about an order: late, repeated, out of order or wrong, it counts once and nothing is lost.

| the report | its code | what happens |
|---|---|---|
| paid, for the first time | counted | charges are settled, oldest first; or the deposit is held |
| the same again | counted_before | nothing |
| paid, but less is owed by then | counted_surplus | what is owed is settled, the rest is owed back |
| paid, but the deposit is held or not needed by then | owed_back | all is owed back |
| a second payment for an order that has counted | paid_twice | all of it is owed back |
| paid after it was declined, or long after it had expired | as above | it counts |
| declined | declined | the order ends |
| declined after it was paid | declined_late | nothing |
| paid, but another amount | payment_amount_differs | kept for staff |
| about an order that we do not know | payment_unknown | kept for staff |
| about an order whose reader is forgotten | payment_too_late | kept for staff |
| with a number that has counted for another order | reference_used | kept for staff |
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import F

from shufang.branches.replies import Repeated
from shufang.kernel import money
from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron
from shufang.money.deposits import PayDeposit, pay_deposit
from shufang.money.models import OnlinePayment, Payment, ProviderReport
from shufang.money.pay import Paid, Pay, pay
from shufang.money.providers.in_use import provider_named
from shufang.money.providers.interface import Report
from shufang.money.surplus import TakeSurplus, take_surplus
from shufang.patrons.models import Card

COUNTED = frozenset({"counted", "counted_surplus", "owed_back", "paid_twice"})
"""Codes of reports whose money stands in our books; the same report again is a repeat."""
_LARGEST = Decimal(10**9)
_LONGEST = 100

log = logging.getLogger("shufang.money")
Status = OnlinePayment.Status


@dataclass(frozen=True, slots=True)
class ConfirmPayment:
    """A call-back as it came in, to be verified."""

    provider: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of a report (`code`, see above). `payment_id` once money has counted."""

    code: str
    reference: str
    payment_id: int | None = None
    surplus: Decimal = money.ZERO


def confirm_payment(command: ConfirmPayment, now: datetime) -> Confirmed | Refusal:
    """Take a call-back. Refuses provider_unknown, signature_wrong, callback_invalid, and what `take_report` refuses."""
    through = provider_named(command.provider)
    if through is None:
        return Refusal("provider_unknown")
    report = through.read(command.body, command.headers)
    if isinstance(report, Refusal):
        log.warning("a call-back of %s was refused: %s", through.code, report.code)
        return report
    return take_report(through.code, report, now)


def take_report(provider: str, report: Report, now: datetime) -> Confirmed | Refusal:
    """Take what a provider has truly said. Refuses payment_unknown, payment_amount_differs, payment_too_late,
    reference_used; each of them is kept for staff if money has come.
    """
    if not _is_storable(report):
        return Refusal("callback_invalid")
    try:
        return _take(provider, report, now)
    except IntegrityError:  # the same reference counts for another reader at this moment: now it is there to be seen
        return _take(provider, report, now)


def _is_storable(report: Report) -> bool:
    if abs(report.amount) >= _LARGEST or not report.amount.is_finite() or not report.provider_reference:
        return False
    return max(len(report.reference), len(report.provider_reference)) <= _LONGEST


def _take(provider: str, report: Report, now: datetime) -> Confirmed | Refusal:
    with transaction.atomic():
        order = _locked(provider, report.reference)
        before = _noted_before(provider, report)
        if before is not None and before.code in COUNTED:
            payment_id = order.payment_id if order is not None else None
            done: Confirmed | Refusal = Confirmed("counted_before", report.reference, payment_id)
        else:
            done = _taken(order, report, now)
        _note(provider, report, done, before, now)
    log.info("a report of %s: %s", provider, done.code)
    return done


def _locked(provider: str, reference: str) -> OnlinePayment | None:
    """Return an order under the lock of its patron, as it is then. One whose patron is forgotten needs no lock."""
    orders = OnlinePayment.objects.select_related("card__kind").filter(provider=provider, reference=reference)
    order = orders.first()
    if order is None or order.card is None:
        return order
    lock_patron(order.card.patron_id)
    return orders.get()


def _taken(order: OnlinePayment | None, report: Report, now: datetime) -> Confirmed | Refusal:
    if order is None:
        return Refusal("payment_unknown")
    if not report.is_paid:
        return _declined(order, now)
    if order.card is None:
        return Refusal("payment_too_late")
    if report.amount != order.amount:
        return Refusal("payment_amount_differs", {"amount": report.amount})
    if Payment.objects.filter(scope=order.provider, reference=report.provider_reference).exists():
        return Refusal("reference_used")
    if order.status == Status.COUNTED:
        payment_id = _owe_back(order, order.card, report, now)
        return Confirmed("paid_twice", order.reference, payment_id, order.amount)
    return _counted(order, order.card, report, now)


def _declined(order: OnlinePayment, now: datetime) -> Confirmed:
    if order.status == Status.COUNTED:
        return Confirmed("declined_late", order.reference, order.payment_id)
    if order.status != Status.DECLINED:
        order.status, order.ended_at = Status.DECLINED, now
        order.save(update_fields=["status", "ended_at"])
    return Confirmed("declined", order.reference)


def _counted(order: OnlinePayment, card: Card, report: Report, now: datetime) -> Confirmed | Refusal:
    if order.purpose == OnlinePayment.Purpose.DEPOSIT:
        done = _as_deposit(order, card, report, now)
    else:
        done = _as_charges(order, card, report, now)
    if isinstance(done, Refusal):
        return done
    order.status, order.ended_at = Status.COUNTED, now
    order.payment_id, order.provider_reference = done.payment_id, report.provider_reference
    order.save(update_fields=["status", "ended_at", "payment", "provider_reference"])
    return done


def _as_charges(order: OnlinePayment, card: Card, report: Report, now: datetime) -> Confirmed | Refusal:
    command = Pay(
        card_number=card.number,
        amount=order.amount,
        method=order.provider,
        branch_id=order.branch_id,
        device_id=order.device_id,
        scope=order.provider,
        reference=report.provider_reference,
        owes_back_surplus=True,
    )
    done = pay(command, now)
    if isinstance(done, Paid):
        code = "counted_surplus" if done.surplus else "counted"
        return Confirmed(code, order.reference, done.payment_id, done.surplus)
    return _refusal(done)


def _as_deposit(order: OnlinePayment, card: Card, report: Report, now: datetime) -> Confirmed | Refusal:
    if card.kind.deposit != order.amount:
        return Confirmed("owed_back", order.reference, _owe_back(order, card, report, now), order.amount)
    command = PayDeposit(
        card_number=card.number,
        method=order.provider,
        branch_id=order.branch_id,
        device_id=order.device_id,
        scope=order.provider,
        reference=report.provider_reference,
    )
    done = pay_deposit(command, now)
    if isinstance(done, Repeated):
        return _refusal(done)
    if isinstance(done, Refusal):
        return Confirmed("owed_back", order.reference, _owe_back(order, card, report, now), order.amount)
    return Confirmed("counted", order.reference, done.payment_id)


def _refusal(done: Refusal | Repeated) -> Refusal:
    """Return the refusal of a verb that was asked without a request: it knows no repeats."""
    if isinstance(done, Repeated):
        raise TypeError("a payment without a request was taken for a repeat")
    return done


def _owe_back(order: OnlinePayment, card: Card, report: Report, now: datetime) -> int:
    command = TakeSurplus(
        card=card,
        amount=order.amount,
        method=order.provider,
        branch_id=order.branch_id,
        device_id=order.device_id,
        scope=order.provider,
        reference=report.provider_reference,
    )
    return take_surplus(command, now)


def _digest(report: Report) -> bytes:
    parts = (report.reference, report.provider_reference, str(report.is_paid), f"{report.amount:.2f}")
    return sha256("\x1f".join(parts).encode()).digest()


def _noted_before(provider: str, report: Report) -> ProviderReport | None:
    return ProviderReport.objects.filter(provider=provider, digest=_digest(report)).first()


def _note(
    provider: str, report: Report, done: Confirmed | Refusal, before: ProviderReport | None, now: datetime
) -> None:
    """Keep the report, once; a repeat is counted. A refusal about money that came waits for staff."""
    if before is None:
        before, is_new = ProviderReport.objects.get_or_create(
            provider=provider,
            digest=_digest(report),
            defaults={
                "reference": report.reference,
                "provider_reference": report.provider_reference,
                "is_paid": report.is_paid,
                "amount": report.amount,
                "code": done.code,
                "first_at": now,
                "last_at": now,
                "needs_staff": isinstance(done, Refusal) and report.is_paid,
            },
        )
        if is_new:
            return
    new: dict[str, object] = {"times": F("times") + 1, "last_at": now}
    if done.code != "counted_before":
        new |= {"code": done.code, "needs_staff": isinstance(done, Refusal) and report.is_paid}
    ProviderReport.objects.filter(pk=before.pk).update(**new)
