"""Notices before the due date and of overdue, by the days that each loan's policy names, go into the outbox."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from shufang.circulation.models import Loan
from shufang.jobs.portions import in_portions
from shufang.notices.models import Notice
from shufang.notices.outbox import put


def run(now: datetime) -> dict[str, int]:
    """Write. After a pause of the jobs only the newest step of overdue is told, not each that was missed."""
    soon = in_portions(_due_soon(now), lambda one: put("due_soon", "loan", one[0], occasion=one[1], now=now))
    late = in_portions(_overdue(now), lambda one: put("overdue", "loan", one[0], occasion=one[1], now=now))
    return {"due soon": soon, "overdue": late}


def _due_soon(now: datetime) -> Iterator[tuple[int, str]]:
    lent = Loan.objects.filter(status=Loan.Status.OPEN, due_at__gte=now)
    most = lent.aggregate(most=Max("policy__notice_days_before"))["most"]
    if not most:
        return
    today = timezone.localdate(now)
    near = lent.filter(due_at__lt=now + timedelta(days=most + 1), policy__notice_days_before__gt=0)
    rows = near.values_list("id", "due_at", "borrowed_at", "renewed_at", "policy__notice_days_before").order_by("id")
    for loan_id, due_at, borrowed_at, renewed_at, days in rows:
        due = timezone.localdate(due_at)
        told_just_now = timezone.localdate(renewed_at or borrowed_at) == today
        if (due - today).days <= days and not told_just_now:
            yield loan_id, due.isoformat()


def _overdue(now: datetime) -> Iterator[tuple[int, str]]:
    """Yield loans with the newest step that is due and has not been written."""
    late = Loan.objects.filter(status=Loan.Status.OPEN, due_at__lt=now)
    rows = late.values_list("id", "due_at", "policy__overdue_notice_days").order_by("id")
    told = set(Notice.objects.filter(template="overdue").values_list("subject_id", "occasion"))
    for loan_id, due_at, steps in rows:
        due = timezone.localdate(due_at)
        days = (timezone.localdate(now) - due).days
        step = max((step for step in steps_of(steps) if step <= days), default=None)
        occasion = f"{due.isoformat()}+{step}"
        if step is not None and (loan_id, occasion) not in told:
            yield loan_id, occasion


def steps_of(text: str) -> tuple[int, ...]:
    """Return the days of "1,7,14"; what is no number above zero is left out."""
    words = (word.strip() for word in text.split(","))
    return tuple(sorted({int(word) for word in words if word.isdecimal() and int(word) > 0}))
