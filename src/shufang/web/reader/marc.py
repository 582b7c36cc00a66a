"""The MARC record of a title, field by field and as the bytes it came in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shufang.catalogue.loading.stored import stored_record
from shufang.catalogue.models import MarcRecord
from shufang.marc.record import Record


def _record(title_id: int) -> MarcRecord:
    shown = MarcRecord.objects.filter(title__is_suppressed=False).select_related("title")
    return get_object_or_404(shown, pk=title_id)


@require_safe
def marc(request: HttpRequest, title_id: int) -> HttpResponse:
    """Show leader and fields; a record that can no longer be read is offered as bytes alone."""
    stored = _record(title_id)
    found = stored_record(stored)
    readable = found if isinstance(found, Record) else None
    context = {
        "title": stored.title,
        "form": f"{stored.get_format_display()}, {stored.get_syntax_display()}",
        "encoding": stored.encoding.upper(),
        "source": f"{stored.title.source} {stored.title.control_number}",
        "leader": readable.leader if readable else "",
        "fields": readable.fields if readable else [],
    }
    return render(request, "web/reader/marc.html", context)


@require_safe
def record(_request: HttpRequest, title_id: int) -> HttpResponse:
    """Answer with the record's bytes as they came in (application/marc, or MARCXML)."""
    stored = _record(title_id)
    kind, ending = "application/marc", "mrc"
    if stored.syntax == "xml":  # one element of a file: the declaration that told its encoding is not in its bytes
        kind, ending = f"application/marcxml+xml; charset={stored.encoding}", "xml"
    response = HttpResponse(bytes(stored.raw), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{title_id}.{ending}"'
    return response
