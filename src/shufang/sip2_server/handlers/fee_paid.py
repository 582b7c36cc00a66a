"""37 fee paid → 38: money that the terminal took. BK makes it unique (SIP2.md, Repeats)."""

import re
from dataclasses import replace
from decimal import Decimal

from shufang.branches.replies import WINDOW_OF_FEE_PAID, Repeated
from shufang.kernel.refusal import Refusal
from shufang.money.models import Charge
from shufang.money.pay import Paid, Pay, is_payable, pay, terminal_reference
from shufang.sip2.replies import FeePaidReply
from shufang.sip2.requests import FeePaidRequest
from shufang.sip2_server.asked import Answer, Asked, Kept, currency
from shufang.sip2_server.handlers.handler import Handler, Way, refused
from shufang.sip2_server.handlers.titles import title_number

_AMOUNT = re.compile(r"[0-9]{1,7}(\.[0-9]{0,2})?|\.[0-9]{1,2}", re.ASCII)
"""BV in its form: digits and at most two decimals. What else Python reads as a number (1e1, full-width digits) is damage."""
METHODS = {"00": "cash", "01": "card", "02": "card"}
"""Payment type (3M SIP 2.00): cash, VISA, credit card; others are the terminal's own."""
KINDS = {
    "02": Charge.Kind.OTHER,
    "03": Charge.Kind.DAMAGE,
    "04": Charge.Kind.OVERDUE,
    "05": Charge.Kind.PROCESSING,
    "07": Charge.Kind.LOST,
}
"""Fee type (3M SIP 2.00): administrative, damage, overdue, processing, replacement."""


def answer(request: FeePaidRequest, asked: Asked) -> Answer | Repeated:
    """Record the payment."""
    done = _do(request, asked)
    if isinstance(done, Repeated):
        return done
    if isinstance(done, Refusal):
        return refused(refuse(request, done, asked), done)
    reply = FeePaidReply(
        accepted=True,
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        transaction=request.transaction,
        screen=asked.tell("paid", amount=done.applied, left=done.left),
    )
    kept = None if done.was_paid_before else Kept("patron", done.patron_id, done.patron_revision)
    return Answer(reply, kept=kept)


def _do(request: FeePaidRequest, asked: Asked) -> Paid | Refusal | Repeated:
    written = _AMOUNT.fullmatch(request.amount.strip())
    if written is None or not is_payable(amount := Decimal(written.group())):
        return Refusal("amount_invalid")
    if request.currency.strip() and request.currency != currency():
        return Refusal("currency_unknown", {"currency": currency()})
    charge_id = title_number(request.fee) if request.fee else None
    if request.fee and charge_id is None:
        return Refusal("charge_unknown")
    reference, key = None, asked.request
    if request.transaction:
        reference = terminal_reference(request.transaction, request.date, request.patron, amount)
    elif key is not None:
        key = replace(key, window=WINDOW_OF_FEE_PAID)
    command = Pay(
        card_number=request.patron,
        amount=amount,
        method=METHODS.get(request.payment_type, "terminal"),
        branch_id=asked.terminal.place.branch_id,
        device_id=asked.terminal.place.device_id,
        charge_id=charge_id,
        kind=KINDS.get(request.fee_type),
        scope=asked.terminal.account,
        reference=reference,
        request=key,
    )
    return pay(command, asked.now)


def refuse(request: FeePaidRequest, refusal: Refusal, asked: Asked) -> FeePaidReply:
    """Say no."""
    return FeePaidReply(
        accepted=False,
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        transaction=request.transaction,
        screen=asked.say(refusal),
    )


HANDLER = Handler(Way.CHANGE, answer, refuse)
