"""Running jobs: all that are due (`serve` calls it every few minutes), or the ones that somebody names."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from shufang.jobs import (
    ask_payments,
    deliver_notices,
    end_suspensions,
    erase_charges,
    erase_closed_patrons,
    erase_notices,
    erase_phone_cards,
    erase_replies,
    erase_traces,
    expire_cards,
    expire_holds,
    finish_cards,
    fold_readers,
    mark_lost,
    popularity,
    refund_late_deposits,
    tell_card_centre,
    write_notices,
    write_off,
)
from shufang.jobs.models import JobRun
from shufang.jobs.schedule import Job, is_due

FEW_MINUTES = timedelta(minutes=4)
HOUR = timedelta(hours=1)

JOBS: tuple[Job, ...] = (
    Job("erase_replies", erase_replies.run, timedelta(minutes=1)),
    Job("finish_cards", finish_cards.run, timedelta(minutes=1)),
    Job("tell_card_centre", tell_card_centre.run, timedelta(minutes=1)),
    Job("refund_late_deposits", refund_late_deposits.run, FEW_MINUTES),
    Job("expire_holds", expire_holds.run, FEW_MINUTES),
    Job("end_suspensions", end_suspensions.run, HOUR),
    Job("expire_cards", expire_cards.run, HOUR),
    Job("mark_lost", mark_lost.run, HOUR),
    Job("write_off", write_off.run),
    Job("write_notices", write_notices.run, HOUR),
    Job("deliver_notices", deliver_notices.run, FEW_MINUTES),
    Job("ask_payments", ask_payments.run, FEW_MINUTES),
    Job("erase_charges", erase_charges.run, FEW_MINUTES),
    Job("erase_traces", erase_traces.run, HOUR),
    Job("erase_notices", erase_notices.run, HOUR),
    Job("erase_phone_cards", erase_phone_cards.run, FEW_MINUTES),
    Job("erase_closed_patrons", erase_closed_patrons.run),
    Job("fold_readers", fold_readers.run),
    Job("popularity", popularity.run),
)
"""In the order in which they run. Each is safe to run twice and at the same time as itself."""

log = logging.getLogger("shufang.jobs")


@dataclass(frozen=True, slots=True)
class Ran:
    """One job's run: counts by word, or the class of the error that ended it."""

    name: str
    done: Mapping[str, int]
    error: str = ""


def run_due(now: datetime) -> tuple[Ran, ...]:
    """Run every job that is due at `now` (aware, UTC). When several processes call it, each job runs in one of them."""
    return tuple(_run(job, now) for job in JOBS if _claim(job, now))


def run_named(names: Iterable[str], now: datetime) -> tuple[Ran, ...]:
    """Run these jobs now, due or not, in the house's order; all of them for no name. KeyError names an unknown one."""
    wanted = set(names)
    unknown = wanted - {job.name for job in JOBS}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    return tuple(_run(job, now) for job in JOBS if not wanted or job.name in wanted)


def _claim(job: Job, now: datetime) -> bool:
    """Take a due job for this process: only one of several sees the row as it was."""
    last = JobRun.objects.filter(name=job.name).values_list("started_at", flat=True).first()
    if not is_due(job, last, now):
        return False
    if last is None:
        _row, is_new = JobRun.objects.get_or_create(name=job.name, defaults={"started_at": now})
        return is_new
    return bool(JobRun.objects.filter(name=job.name, started_at=last).update(started_at=now))


def _run(job: Job, now: datetime) -> Ran:
    """Run one job; its failure is logged and recorded and keeps no other job from running."""
    with transaction.atomic():
        JobRun.objects.update_or_create(name=job.name, defaults={"started_at": now})
    try:
        done = job.run(now)
    except Exception as error:
        log.exception("job %s failed", job.name)
        JobRun.objects.filter(name=job.name).update(error=type(error).__name__)
        return Ran(job.name, {}, type(error).__name__)
    JobRun.objects.filter(Q(name=job.name)).update(finished_at=now, done=in_words(done)[:255], error="")
    return Ran(job.name, done)


def in_words(done: Mapping[str, int]) -> str:
    """Return counts as one line, "3 lost, 1 put off"; "nothing to do" when all are zero."""
    words = [f"{count} {word}" for word, count in done.items() if count]
    return ", ".join(words) or "nothing to do"
