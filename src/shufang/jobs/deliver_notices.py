"""Notices leave the outbox by their channels."""

from datetime import datetime

from shufang.circulation.notice_texts import render
from shufang.notices.channels import CHANNELS
from shufang.notices.delivery import deliver


def run(now: datetime) -> dict[str, int]:
    """Deliver on every channel."""
    done = {"sent": 0, "dropped": 0, "put off": 0, "failed": 0, "servers down": 0}
    for channel in CHANNELS:
        result = deliver(channel, render, now)
        done["sent"] += result.sent
        done["dropped"] += result.dropped
        done["put off"] += result.put_off
        done["failed"] += result.failed
        done["servers down"] += result.down
    return done
