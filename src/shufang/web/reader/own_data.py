"""All my data, to take away: as JSON for programs, as a page to keep and read."""

import json

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from shufang.kernel import clock
from shufang.patrons.own_data import Row, own_data
from shufang.web.house import network_name
from shufang.web.reader.data_words import field_name, table_name
from shufang.web.reader.signed_in import Reader, for_reader
from shufang.web.templatetags.words import day


@require_safe
@for_reader
def data_json(_request: HttpRequest, reader: Reader) -> HttpResponse:
    """Give everything that is held about the reader, for programs."""
    everything = {
        "network": network_name(),
        "made_at": clock.now().isoformat(timespec="seconds"),
        "card_number": reader.card_number,
        "tables": own_data(reader.patron_id),
    }
    text = json.dumps(everything, ensure_ascii=False, indent=1)
    return _file(text, "application/json", "json")


@require_safe
@for_reader
def data_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Give the same as a page to keep and read."""
    language = get_language() or ""
    tables = [
        (table_name(label, language), [_readable(row, language) for row in rows])
        for label, rows in own_data(reader.patron_id).items()
    ]
    context = {"tables": tables, "made_at": timezone.localtime(), "reader": reader}
    return _file(render_to_string("web/reader/account/data.html", context, request), "text/html", "html")


def _readable(row: Row, language: str) -> list[tuple[str, str]]:
    return [
        (field_name(name, language), _said(value)) for name, value in row.items() if value is not None and value != ""
    ]


def _said(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("words") or value.get("id"))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    moment = parse_datetime(value) if isinstance(value, str) and "T" in value else None
    if moment is not None:
        return f"{day(moment)} {timezone.localtime(moment):%H:%M}"
    return str(value)


def _file(text: str, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    name = f"shufang-{timezone.localdate():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
