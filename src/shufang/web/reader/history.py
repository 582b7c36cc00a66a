"""My history: kept only while I want it; erase a line, some or all, take it along as a file."""

import csv
import json
from collections.abc import Iterable
from io import StringIO

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from shufang.circulation.keep_history import (
    EraseHistory,
    HistoryChanged,
    KeepHistory,
    StopHistory,
    erase_history,
    keep_history,
    stop_history,
)
from shufang.circulation.models import History
from shufang.circulation.place import PinCheck
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Patron
from shufang.web.reader.outcomes import done, said_of
from shufang.web.reader.sections import sections
from shufang.web.reader.signed_in import Reader, for_reader

PAGE = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What begins a formula in a table program; such a cell gets an apostrophe before it."""


@require_safe
@for_reader
def history(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what was kept, newest first, or say that nothing is."""
    lines = History.objects.filter(patron_id=reader.patron_id).select_related("title").order_by("-returned_at", "-id")
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    context = {
        "keeps": Patron.objects.values_list("keeps_history", flat=True).get(pk=reader.patron_id),
        "page_of": page,
        "count": page.paginator.count,
        "sections": sections(reader.patron_id, "my_history"),
    }
    return render(request, "web/reader/lending/history.html", context)


@require_POST
@for_reader
def keep(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Keep a history from now on."""
    changed = keep_history(KeepHistory(reader.card_number, PinCheck.RIGHT), clock.now())
    return _changed(request, changed, gettext("What you return from now on is kept for you"))


@for_reader
def stop(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Ask whether what was kept is to be erased too (`erase`), then stop."""
    if request.method != "POST":
        context = {
            "count": History.objects.filter(patron_id=reader.patron_id).count(),
            "sections": sections(reader.patron_id, "my_history"),
        }
        return render(request, "web/reader/lending/history_stop.html", context)
    if request.POST.get("erase") == "yes":
        changed = erase_history(EraseHistory(reader.card_number, PinCheck.RIGHT), clock.now())
        return _changed(request, changed, gettext("Nothing more is kept, and what was is erased"))
    changed = stop_history(StopHistory(reader.card_number, PinCheck.RIGHT), clock.now())
    return _changed(request, changed, gettext("Nothing more is kept; what is there stays until you erase it"))


@require_POST
@for_reader
def erase(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Erase the lines that were chosen (`line`), or all (`all`). Whether more is kept stays as it is."""
    chosen = tuple(int(text) for text in request.POST.getlist("line")[:1000] if text.isascii() and text.isdigit())
    is_all = "all" in request.POST
    if not (chosen or is_all):
        return done(request, gettext("No line was chosen"), "my_history")
    command = EraseHistory(
        reader.card_number, PinCheck.RIGHT, goes_on=_keeps(reader), only=() if is_all else _as_ids(chosen)
    )
    changed = erase_history(command, clock.now())
    count = changed.erased if isinstance(changed, HistoryChanged) else 0
    words = ngettext("%(count)s line is erased", "%(count)s lines are erased", count) % {"count": count}
    return _changed(request, changed, words)


@require_safe
@for_reader
def as_csv(request: HttpRequest, reader: Reader) -> HttpResponse:  # noqa: ARG001  # a view is given its request
    """Answer with the history as a table (UTF-8 with a mark, which table programs need)."""
    text = StringIO()
    writer = csv.writer(text)
    names = ("title", "author", "publisher", "year", "borrowed_on", "returned_on")
    writer.writerow(names)
    for line in _lines(reader):
        writer.writerow(_harmless(str(line[name] or "")) for name in names)
    return _file("\ufeff" + text.getvalue(), "csv", "text/csv; charset=utf-8")


@require_safe
@for_reader
def as_json(request: HttpRequest, reader: Reader) -> HttpResponse:  # noqa: ARG001  # as above
    """Answer with the history for machines."""
    told = {"history": list(_lines(reader))}
    return _file(json.dumps(told, ensure_ascii=False, indent=1), "json", "application/json")


def _lines(reader: Reader) -> Iterable[dict[str, object]]:
    rows = History.objects.filter(patron_id=reader.patron_id).select_related("title").order_by("returned_at", "id")
    for row in rows:
        yield {
            "title": row.title.title,
            "author": row.title.author,
            "publisher": row.title.publisher,
            "year": row.title.year,
            "borrowed_on": timezone.localdate(row.borrowed_at).isoformat(),
            "returned_on": timezone.localdate(row.returned_at).isoformat(),
        }


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _file(text: str, ending: str, kind: str) -> HttpResponse:
    response = HttpResponse(text.encode(), content_type=kind)
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="history-{day}.{ending}"'
    return response


def _keeps(reader: Reader) -> bool:
    return bool(Patron.objects.values_list("keeps_history", flat=True).get(pk=reader.patron_id))


def _as_ids(chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Return ids that a database can hold; one that it cannot is nobody's."""
    return tuple(number for number in chosen if number < 2**63) or (0,)


def _changed(request: HttpRequest, changed: HistoryChanged | Refusal, words: str) -> HttpResponse:
    return done(request, said_of(changed) if isinstance(changed, Refusal) else words, "my_history")
