"""What a job is and when it is due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

NIGHT = 3
"""The hour (local) from which nightly jobs run: the last reader of the evening is gone, the first has not come."""


@dataclass(frozen=True, slots=True)
class Job:
    """`run(now)` does all that is to be done and returns counts by word; running it again, or twice at once, is safe."""

    name: str
    run: Callable[[datetime], Mapping[str, int]]
    every: timedelta | None = None
    """None: nightly."""


def is_due(job: Job, last_started: datetime | None, now: datetime) -> bool:
    """Say whether a job is due: its interval has passed, or (nightly) it has not run since the last NIGHT o'clock.

    A run that lies in the future (the clock was set back) does not count.
    """
    if last_started is None or last_started > now:
        return True
    if job.every is not None:
        return now - last_started >= job.every
    local = timezone.localtime(now)
    night = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    if local < night:
        night -= timedelta(days=1)
    return last_started < night
