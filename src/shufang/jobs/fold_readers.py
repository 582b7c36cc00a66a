"""Who read in a month is folded into how many, after 13 months (PRIVACY.md 7)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from shufang.circulation.models import ReaderMonth, ReaderMonthCount
from shufang.circulation.reader_months import first_kept
from shufang.jobs.portions import AT_ONCE


def run(now: datetime) -> dict[str, int]:
    """Fold each month that ended more than 13 months ago; a month once counted is not counted again."""
    oldest = first_kept(timezone.localdate(now))
    months = ReaderMonth.objects.filter(month__lt=oldest).values_list("month", flat=True).distinct()
    folded = 0
    for month in sorted(months):
        _count(month)
        folded += _erase(month)
    return {"folded": folded}


def _count(month: date) -> None:
    """Write the counts of a month, in one transaction, unless they stand (then a run was broken off while erasing)."""
    with transaction.atomic():
        if ReaderMonthCount.objects.filter(month=month).exists():
            return
        rows = ReaderMonth.objects.filter(month=month)
        by_branch = rows.order_by().values("branch").annotate(readers=Count("patron", distinct=True))
        counts = [ReaderMonthCount(month=month, branch_id=row["branch"], readers=row["readers"]) for row in by_branch]
        anywhere = rows.aggregate(readers=Count("patron", distinct=True))["readers"]
        counts.append(ReaderMonthCount(month=month, branch=None, readers=anywhere))
        ReaderMonthCount.objects.bulk_create(counts, ignore_conflicts=True)


def _erase(month: date) -> int:
    erased = 0
    while ids := list(ReaderMonth.objects.filter(month=month).values_list("id", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            erased += ReaderMonth.objects.filter(pk__in=ids).delete()[0]
    return erased
