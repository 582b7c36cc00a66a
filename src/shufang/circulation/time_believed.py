"""Which time the books may be believed to have reached, and how a clock that once ran ahead is put behind us.

Lending refuses while the machine's clock stands behind the newest event. When events were written by a clock that was
wrong, a person who has set it right says so once (`shufang clock --accept`): from then on the events that lay ahead at
that moment count no more, for ever and for every process. They stay as they are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q

from shufang.audit import trail
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.local_days import local_day, zone
from shufang.circulation.locks import lock_patrons, lock_titles
from shufang.circulation.models import ClockCorrection, Event, Hold, Loan
from shufang.circulation.queries.stored import from_stored
from shufang.circulation.rules.due_dates import end_of_day
from shufang.circulation.rules.lending import CLOCK_TOLERANCE
from shufang.kernel.refusal import Refusal
from shufang.money.models import Charge
from shufang.patrons.models import Patron

NOT_BELIEVED = "SELECT 1 FROM circulation_clockcorrection c WHERE e.id <= c.last_event_id AND e.at > c.at"
"""Said of an event `e`: it is known to be of a clock that was wrong."""
_NEWEST = f"SELECT e.at FROM circulation_event e WHERE NOT EXISTS ({NOT_BELIEVED}) ORDER BY e.at DESC LIMIT 1"  # noqa: S608  # our own words


@dataclass(frozen=True, slots=True)
class AcceptClock:
    """A person says that the clock is right as it is now, and why it was not. `user_name`: who, for the audit."""

    user_name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClockAccepted:
    """`events`: how many count no more. `loans` and `holds`: open ones of those times, now taken as made today.

    `charges`: raised at those times and left to staff, who may waive them.
    """

    newest: datetime
    events: int
    loans: int
    holds: int
    charges: int


def newest_believed() -> datetime | None:
    """Return the time of the newest event that was not written by a clock known to be wrong. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
    return from_stored(row[0]) if row is not None else None


def accept_clock(command: AcceptClock, now: datetime) -> ClockAccepted | Refusal:
    """Lend again although events lie ahead of now. Refuses clock_is_right: nothing lies ahead.

    Open loans made or renewed at those times count from now, for as many days; places in queues likewise. It is audited.
    """
    with transaction.atomic():
        newest = newest_believed()
        if newest is None or newest <= now + CLOCK_TOLERANCE:
            return Refusal("clock_is_right")
        ahead = Event.objects.filter(at__gt=now)
        last = ahead.aggregate(last=Max("id"))["last"]
        events = ahead.filter(~Exists(ClockCorrection.objects.filter(last_event_id__gte=OuterRef("pk")))).count()
        loans, holds = _loans_from_now(now), _holds_from_now(now)
        ClockCorrection.objects.create(at=now, last_event_id=last)
        trail.record(None, command.user_name, "clock_accepted", "event", last, command.reason, now)
        return ClockAccepted(newest, events, loans, holds, Charge.objects.filter(created_at__gt=now).count())


def _loans_from_now(now: datetime) -> int:
    loans = Loan.objects.exclude(status=Loan.Status.CLOSED).filter(Q(borrowed_at__gt=now) | Q(renewed_at__gt=now))
    patron_ids = lock_patrons(loans.values_list("patron_id", flat=True))
    Patron.objects.filter(pk__in=patron_ids).update(revision=F("revision") + 1)
    count = 0
    for loan in loans:
        loan.due_at = _as_long(loan.due_at, loan.renewed_at or loan.borrowed_at, now)
        loan.borrowed_at = min(loan.borrowed_at, now)
        loan.renewed_at = min(loan.renewed_at, now) if loan.renewed_at else None
        loan.save(update_fields=["due_at", "borrowed_at", "renewed_at"])
        count += 1
    return count


def _holds_from_now(now: datetime) -> int:
    holds = Hold.objects.filter(Q(queued_at__gt=now) | Q(ready_at__gt=now), status__in=OPEN).order_by("queued_at", "id")
    lock_titles(holds.values_list("title_id", flat=True))
    count = 0
    for count, hold in enumerate(holds, start=1):
        if hold.pickup_until and hold.ready_at:
            hold.pickup_until = _as_long(hold.pickup_until, hold.ready_at, now)
            hold.ready_at = min(hold.ready_at, now)
        if hold.queued_at > now:
            hold.queued_at = now + timedelta(microseconds=count)
            hold.placed_at = min(hold.placed_at, now)
        hold.save(update_fields=["pickup_until", "ready_at", "queued_at", "placed_at"])
    return count


def _as_long(until: datetime, since: datetime, now: datetime) -> datetime:
    """Return the end of the day that lies as many days after today as `until` lay after `since`."""
    return end_of_day(local_day(now) + (local_day(until) - local_day(since)), zone())
