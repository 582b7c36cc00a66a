"""Deposits that came for a card which had ended by then (its person had walked off): they go back the way they came.

The provider is told before anything is written, under a key of the deposit's own: a stop in between repeats the same
refund, which counts once there too.
"""

import logging
from datetime import datetime

from shufang.kernel.refusal import Refusal
from shufang.money.deposits import RefundDeposit, refund_deposit
from shufang.money.models import Deposit
from shufang.money.providers.in_use import provider_named
from shufang.money.providers.interface import ProviderError
from shufang.patrons.models import Card

log = logging.getLogger("shufang.money")


def late_deposits() -> list[int]:
    """Return deposits held for ended cards of patrons without a good one, that came through a provider, oldest first."""
    good = Card.objects.filter(status__in=[Card.Status.ISSUED, Card.Status.ACTIVE]).values("patron_id")
    held = Deposit.objects.filter(refunded_at__isnull=True, card__status=Card.Status.CLOSED)
    online = held.filter(payment__online__isnull=False).exclude(patron_id__in=good)
    return list(online.order_by("id").values_list("pk", flat=True))


def send_back(deposit_id: int, now: datetime) -> bool:
    """Send one back and write it down; False when the provider cannot be reached, or something is owed (staff decide).

    Not to be called in a transaction: it uses the network.
    """
    deposit = Deposit.objects.select_related("payment__online").get(pk=deposit_id)
    order = deposit.payment.online
    through = provider_named(order.provider)
    if through is None or deposit.refunded_at is not None:
        return False
    try:
        through.refund(order.reference, order.provider_reference or "", deposit.amount, f"deposit-{deposit.pk}")
    except ProviderError as error:
        log.warning("%s cannot send a deposit back: %s", order.provider, error)
        return False
    done = refund_deposit(RefundDeposit(deposit.patron_id, through.code, ends_card=True), now)
    return not isinstance(done, Refusal)
