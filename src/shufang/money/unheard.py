"""Orders of which no call-back came: the provider is asked, and after a day nobody waits for them any more."""

import logging
from datetime import datetime, timedelta

from shufang.kernel.refusal import Refusal
from shufang.money.confirming import take_report
from shufang.money.models import OnlinePayment
from shufang.money.providers.in_use import provider_named
from shufang.money.providers.interface import ProviderError

ASKED_AFTER = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=1)

log = logging.getLogger("shufang.money")


def unheard(now: datetime) -> list[int]:
    """Return the orders that were started a while ago and have not ended, oldest first."""
    orders = OnlinePayment.objects.filter(status=OnlinePayment.Status.STARTED, started_at__lt=now - ASKED_AFTER)
    return list(orders.order_by("started_at", "id").values_list("pk", flat=True))


def ask_about(order_id: int, now: datetime) -> str:
    """Ask the provider about an order and take what it says; return the code of that, "expired", or "" for not yet.

    Not to be called in a transaction: asking uses the network.
    """
    order = OnlinePayment.objects.get(pk=order_id)
    through = provider_named(order.provider)
    try:
        report = through.ask(order.reference) if through is not None else None
    except ProviderError as error:
        log.warning("%s was asked about an order and cannot be reached: %s", order.provider, error)
        return ""
    if report is not None:
        done = take_report(order.provider, report, now)
        if not isinstance(done, Refusal):
            return done.code
    if now - order.started_at < GIVEN_UP_AFTER:
        return ""
    waiting = OnlinePayment.objects.filter(pk=order_id, status=OnlinePayment.Status.STARTED)
    return "expired" if waiting.update(status=OnlinePayment.Status.EXPIRED, ended_at=now) else ""
