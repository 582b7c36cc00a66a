"""Notices go when they have been told: sent and dropped ones after 7 days, failed ones after 30, old ones unsent.

Those of a one-time code go with the code, after an hour.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from shufang.circulation.models import Hold, Loan
from shufang.jobs.portions import change, delete
from shufang.notices.kept import CODES, FAILED, STALE, TOLD
from shufang.notices.models import Notice


def run(now: datetime) -> dict[str, int]:
    """Erase. The row of an open loan or hold stays as long as that is open: it keeps the notice from being written twice."""
    waiting = Notice.objects.filter(state=Notice.State.WAITING, created_at__lt=now - STALE)
    stale = change(waiting, state=Notice.State.DROPPED, error="too old")
    ended = Notice.objects.exclude(
        Q(subject="loan") & Exists(Loan.objects.filter(pk=OuterRef("subject_id"), patron__isnull=False))
        | Q(subject="hold") & Exists(Hold.objects.filter(pk=OuterRef("subject_id"), patron__isnull=False))
    )
    told = Q(state__in=[Notice.State.SENT, Notice.State.DROPPED], created_at__lt=now - TOLD)
    failed = Q(state=Notice.State.FAILED, created_at__lt=now - FAILED)
    code = Q(subject="code", created_at__lt=now - CODES)
    return {"dropped as too old": stale, "erased": delete(ended.filter(told | failed | code))}
