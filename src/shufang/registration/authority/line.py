"""How the line to the card centre is: away from the first answer that does not come until the next that does.

While it is away, requests go out at growing intervals (5, 10, 20 … 300 seconds), whoever makes them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from shufang.registration.authority.interface import Away
from shufang.registration.authority.models import CardCentre, Errand

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
THE_ROW = 1


@dataclass(frozen=True, slots=True)
class Line:
    """How it is now. `as_of`: all that is known here of the city's cards is at least as new as this."""

    is_away: bool
    away_since: datetime | None
    try_after: datetime | None
    as_of: datetime | None
    waiting: int
    reason: str = ""

    def age(self, now: datetime) -> timedelta | None:
        """Return how old what is known here may be; None when the centre was never heard."""
        return max(now - self.as_of, timedelta()) if self.as_of is not None else None


def how_it_is() -> Line:
    """Return it, with the number of errands that wait. Two queries."""
    row = CardCentre.objects.first() or CardCentre()
    waiting = Errand.objects.filter(state=Errand.State.WAITING).count()
    return Line(row.away_since is not None, row.away_since, row.try_after, row.read_at, waiting, row.reason)


def may_try(now: datetime) -> bool:
    """Say whether a request may go out. One query."""
    return not CardCentre.objects.filter(try_after__gt=now).exists()


def note(answer: object, now: datetime) -> None:
    """Write down what came of a request. A statement or two, in a transaction of their own."""
    centre, _is_new = CardCentre.objects.get_or_create(pk=THE_ROW)
    row = CardCentre.objects.filter(pk=THE_ROW)
    if not isinstance(answer, Away):
        row.update(heard_at=now, away_since=None, failures=0, try_after=None, reason="")
        return
    pause = min(FIRST_PAUSE * 2 ** min(centre.failures, 10), LONGEST_PAUSE)
    row.update(failures=F("failures") + 1, try_after=now + pause, reason=answer.reason[:60])
    row.filter(away_since__isnull=True).update(away_since=now)
