"""Replies kept for terminals that repeat themselves go after 10 minutes, keys of things done once at their date."""

from datetime import datetime

from shufang.branches.models import OnceKey, StoredReply
from shufang.branches.replies import WINDOW
from shufang.jobs.portions import delete


def run(now: datetime) -> dict[str, int]:
    """Erase."""
    return {
        "replies": delete(StoredReply.objects.filter(at__lt=now - WINDOW)),
        "keys": delete(OnceKey.objects.filter(until__lt=now)),
    }
