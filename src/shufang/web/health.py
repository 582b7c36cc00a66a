"""Whether everything works: one page for people, the same as JSON for machines (`Accept: application/json` or ?format=json).

Each part of the house that can fail has a check, a function that returns a `Check`. Parts that the web may not import
(the SIP2 server, the jobs) are registered by `shufang.config`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import perf_counter

from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shufang import __version__
from shufang.circulation.time_believed import newest_believed
from shufang.kernel import clock
from shufang.notices.models import Notice
from shufang.web.templatetags.words import grouped, milliseconds


class State(StrEnum):
    """How a part is: it works, it works but wants to be looked at, it does not work, it is not in use here."""

    WELL = "well"
    LOOK = "look"
    DOWN = "down"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Check:
    """The state of one part: a sentence for people, figures for machines (seconds, counts, ISO 8601 times)."""

    part: str
    state: State
    sentence: str
    figures: dict[str, str | int | float | bool | None] = field(default_factory=dict)


Checker = Callable[[datetime], Check]

PARTS = {
    "database": gettext_lazy("Database"),
    "clock": gettext_lazy("Clock"),
    "sip2": gettext_lazy("Self-check machines"),
    "jobs": gettext_lazy("Scheduled work"),
    "outbox": gettext_lazy("Notices"),
    "cards": gettext_lazy("Joint cards"),
}
_registered: dict[str, Checker] = {}


def register(part: str, checker: Checker) -> None:
    """Add (or replace) the check of a part that lies beside or above the web. `part` is a key of PARTS."""
    _registered[part] = checker


def check_database(_now: datetime) -> Check:
    """Ask the database something and time the answer."""
    began = perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        sentence = gettext("The database does not answer. Look at the log of the server.")
        return Check("database", State.DOWN, sentence, {"error": type(error).__name__})
    seconds = perf_counter() - began
    engine = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)
    sentence = gettext("%(engine)s answers in %(time)s ms") % {"engine": engine, "time": milliseconds(seconds)}
    return Check("database", State.WELL, sentence, {"engine": connection.vendor, "seconds": round(seconds, 6)})


def check_clock(now: datetime) -> Check:
    """Compare the machine's time with the newest event that is believed: lending stops when the clock stands behind it."""
    newest = newest_believed()
    behind = (newest - now).total_seconds() if newest else 0.0
    figures: dict[str, str | int | float | bool | None] = {
        "now": now.isoformat(timespec="seconds"),
        "newest_event": newest.isoformat(timespec="seconds") if newest else None,
    }
    if behind > 0:
        sentence = gettext("The clock stands behind what has been recorded. Lending waits; set the clock.")
        return Check("clock", State.DOWN, sentence, {**figures, "behind_seconds": round(behind, 3)})
    return Check("clock", State.WELL, gettext("The clock runs on"), figures)


def check_outbox(now: datetime) -> Check:
    """Count the notices that wait and those that nobody could send in the last seven days."""
    counts = Notice.objects.aggregate(
        waiting=Count("id", filter=Q(state=Notice.State.WAITING)),
        retried=Count("id", filter=Q(state=Notice.State.WAITING, tries__gt=0)),
        failed=Count("id", filter=Q(state=Notice.State.FAILED)),
        oldest=Min("created_at", filter=Q(state=Notice.State.WAITING)),
    )
    waiting, oldest = int(counts["waiting"]), counts["oldest"]
    figures: dict[str, str | int | float | bool | None] = {
        "waiting": waiting,
        "retried": int(counts["retried"]),
        "failed": int(counts["failed"]),
        "oldest_seconds": round((now - oldest).total_seconds()) if oldest else None,
    }
    if counts["failed"] or counts["retried"]:
        sentence = gettext("%(retried)s could not be sent yet, %(failed)s were given up. Look at the mail server.")
        values = {"retried": grouped(int(counts["retried"])), "failed": grouped(int(counts["failed"]))}
        return Check("outbox", State.LOOK, sentence % values, figures)
    if not waiting:
        return Check("outbox", State.WELL, gettext("Nothing waits to be sent"), figures)
    sentence = ngettext("%(count)s notice waits to be sent", "%(count)s notices wait to be sent", waiting)
    return Check("outbox", State.WELL, sentence % {"count": grouped(waiting)}, figures)


def all_checks(now: datetime) -> list[Check]:
    """Run every check, the database first: where it is down the rest cannot be asked."""
    first = check_database(now)
    if first.state is State.DOWN:
        return [first]
    here: dict[str, Checker] = {"clock": check_clock, "outbox": check_outbox}
    asked = {**here, **_registered}
    return [first, *(_asked(part, asked[part], now) for part in PARTS if part in asked)]


def check_of(part: str, now: datetime) -> Check | None:
    """Run the one check that a part has registered; None where it has none."""
    return _asked(part, _registered[part], now) if part in _registered else None


def _asked(part: str, checker: Checker, now: datetime) -> Check:
    try:
        return checker(now)
    except (DatabaseError, OSError, ValueError) as error:
        sentence = gettext("This part could not be asked. Look at the log of the server.")
        return Check(part, State.DOWN, sentence, {"error": type(error).__name__})


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when no part is down, else 503, as a page or as JSON."""
    now = clock.now()
    checks = all_checks(now)
    is_down = any(check.state is State.DOWN for check in checks)
    status = 503 if is_down else 200
    if request.GET.get("format") == "json" or request.get_preferred_type(["text/html", "application/json"]) == (
        "application/json"
    ):
        body = {
            "state": "down" if is_down else "well",
            "version": __version__,
            "at": now.isoformat(timespec="seconds"),
            "parts": {
                check.part: {"state": check.state.value, "sentence": check.sentence, **check.figures}
                for check in checks
            },
        }
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    lines = [(PARTS[check.part], check) for check in checks]
    return render(request, "web/health.html", {"lines": lines, "is_down": is_down}, status=status)
