"""Deposits that came too late for their card go back."""

from datetime import datetime

from shufang.money.late_deposits import late_deposits, send_back


def run(now: datetime) -> dict[str, int]:
    """Send each back; one whose provider does not answer is tried the next time."""
    done = [send_back(deposit_id, now) for deposit_id in late_deposits()]
    return {"sent back": done.count(True), "put off": done.count(False)}
