"""The checks of the health page that look above or beside the web: the SIP2 server and the scheduled work."""

from datetime import datetime, timedelta

from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

from shufang.jobs.models import JobRun
from shufang.jobs.run import JOBS
from shufang.registration.authority.chosen import is_local
from shufang.registration.authority.line import how_it_is
from shufang.registration.authority.models import CityConflict
from shufang.registration.number_ranges import running_low
from shufang.sip2_server.board import read_status
from shufang.sip2_server.configuration import status_file
from shufang.web.health import Check, State
from shufang.web.templatetags.words import counted

NIGHTLY = timedelta(hours=26)
LATE = timedelta(minutes=10)


def check_sip2(now: datetime) -> Check:
    """Tell what the SIP2 server of this machine wrote last: connections, sessions, latencies of the whole."""
    status = read_status(status_file(), now)
    if status is None:
        return Check("sip2", State.OFF, gettext("No SIP2 server has run here yet"))
    figures: dict[str, str | int | float | bool | None] = {
        "listening": ", ".join(str(address) for address in _list(status.told.get("listening"))),
        "connections": status.connections,
        "sessions": status.sessions,
        **_latencies(status.told.get("messages")),
    }
    if not status.is_running:
        return Check("sip2", State.DOWN, gettext("The SIP2 server has stopped. Start it again."), figures)
    if not status.sessions:
        return Check("sip2", State.WELL, gettext("Listening, no machine signed in yet"), figures)
    sentence = ngettext(
        "Listening, %(number)s machine signed in", "Listening, %(number)s machines signed in", status.sessions
    )
    return Check("sip2", State.WELL, sentence % {"number": counted(status.sessions)}, figures)


def _list(told: object) -> list[object]:
    return told if isinstance(told, list) else []


def _latencies(messages: object) -> dict[str, str | int | float | bool | None]:
    """Return how many messages there were and, of each kind, its p50 and p99 in milliseconds."""
    found: dict[str, str | int | float | bool | None] = {"messages": 0}
    if not isinstance(messages, dict):
        return found
    found["messages"] = sum(int(row["count"]) for row in messages.values())
    for code, row in messages.items():
        found[f"message {code}, p50 ms"] = row["p50_ms"]
        found[f"message {code}, p99 ms"] = row["p99_ms"]
    return found


def check_cards(now: datetime) -> Check:
    """Tell how the city's card centre is and how old its answers are, and whether numbers for cards run out."""
    line, low = how_it_is(), running_low()
    conflicts = CityConflict.objects.filter(settled_at__isnull=True).count()
    age = line.age(now)
    figures: dict[str, str | int | float | bool | None] = {
        "authority": "local" if is_local() else "centre",
        "away_since": line.away_since.isoformat(timespec="seconds") if line.away_since else None,
        "age_seconds": round(age.total_seconds()) if age is not None else None,
        "waiting": line.waiting,
        "conflicts": conflicts,
        "ranges_running_low": ", ".join(low),
    }
    if low:
        sentence = gettext("Few card numbers are left: %(names)s. Add a range.") % {"names": ", ".join(low)}
        return Check("cards", State.LOOK, sentence, figures)
    if is_local():
        return Check("cards", State.WELL, gettext("The register of cards is kept here"), figures)
    if line.away_since is not None:
        sentence = ngettext(
            "The card centre has been away for %(time)s. Known cards go on; %(waiting)s thing waits to be told.",
            "The card centre has been away for %(time)s. Known cards go on; %(waiting)s things wait to be told.",
            line.waiting,
        )
        if not line.waiting:
            sentence = gettext("The card centre has been away for %(time)s. Known cards go on.")
        told = {"time": timesince(line.away_since, now), "waiting": counted(line.waiting)}
        return Check("cards", State.LOOK, sentence % told, figures)
    if conflicts:
        sentence = ngettext(
            "The card centre and we do not agree on %(count)s card. Look at the conflicts.",
            "The card centre and we do not agree on %(count)s cards. Look at the conflicts.",
            conflicts,
        )
        return Check("cards", State.LOOK, sentence % {"count": counted(conflicts)}, figures)
    return Check("cards", State.WELL, gettext("The card centre answers"), figures)


def check_jobs(now: datetime) -> Check:
    """Tell which jobs failed in their last run and which are late."""
    runs = {run.name: run for run in JobRun.objects.all()}
    figures: dict[str, str | int | float | bool | None] = {
        job.name: runs[job.name].started_at.isoformat(timespec="seconds") if job.name in runs else None for job in JOBS
    }
    failed = [job.name for job in JOBS if job.name in runs and runs[job.name].error]
    late = [
        job.name
        for job in JOBS
        if job.name in runs and now - runs[job.name].started_at > (job.every + LATE if job.every else NIGHTLY)
    ]
    if failed:
        sentence = gettext("These failed: %(names)s. Look at the log.") % {"names": ", ".join(failed)}
        return Check("jobs", State.LOOK, sentence, figures)
    if not runs:
        return Check("jobs", State.OFF, gettext("No scheduled work has run here yet"), figures)
    if late:
        sentence = gettext("These are late: %(names)s. Is the server for scheduled work running?")
        return Check("jobs", State.LOOK, sentence % {"names": ", ".join(late)}, figures)
    return Check("jobs", State.WELL, gettext("Everything due has run"), figures)
