"""Payments through a provider of which no call-back came are asked about, and given up after a day."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from shufang.money.unheard import ask_about, unheard


def run(now: datetime) -> Mapping[str, int]:
    """Ask about each. The network is used outside of any transaction."""
    done = Counter(ask_about(order_id, now) for order_id in unheard(now))
    return {"given up": done.pop("expired", 0), "settled": sum(count for code, count in done.items() if code)}
