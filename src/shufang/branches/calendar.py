"""The calendars of branches as they stand in the database: two queries a branch, none of them on the hot path.

Lending keeps all calendars in memory with the rest of its rules (circulation/policies.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from shufang.branches import open_days
from shufang.branches.models import Branch, ClosingDays
from shufang.branches.open_days import OpenDays, SpecialDays


def calendars(branches: Iterable[Branch]) -> dict[int, OpenDays]:
    """Return the calendar of each branch, by its id. One query."""
    branches = list(branches)
    special: dict[int, list[SpecialDays]] = defaultdict(list)
    for row in ClosingDays.objects.filter(branch__in=branches).order_by("-id"):
        special[row.branch_id].append(SpecialDays(row.first, row.last, row.is_open))
    return {
        branch.pk: OpenDays(
            always_open=branch.always_open,
            closed_weekdays=frozenset(int(sign) for sign in branch.closed_weekdays if sign in "1234567"),
            closed_on_holidays=branch.closed_on_holidays,
            exceptions=tuple(special[branch.pk]),
        )
        for branch in branches
    }


def calendar_of(branch_id: int) -> OpenDays:
    """Return a branch's calendar. Branch.DoesNotExist for an unknown id."""
    branch = Branch.objects.get(pk=branch_id)
    return calendars([branch])[branch_id]


def is_open(branch_id: int, day: date) -> bool:
    """Say whether a branch is open on a day."""
    return calendar_of(branch_id).is_open(day)


def next_open_day(branch_id: int, day: date) -> date:
    """Return `day` or the first day after it on which the branch is open."""
    return open_days.next_open_day(day, calendar_of(branch_id).is_open)


def overdue_days(branch_id: int, due: date, returned: date, *, counts_closed_days: bool) -> int:
    """Return how many days after `due` count as overdue on `returned`."""
    return open_days.overdue_days(due, returned, calendar_of(branch_id).is_open, counts_closed_days=counts_closed_days)
