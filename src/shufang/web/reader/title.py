"""One title: where its copies are, and what it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shufang.catalogue.models import Title
from shufang.web.covers.cover import is_vertical, main_title
from shufang.web.reader.came_from import back_to_results
from shufang.web.whereabouts import all_branches, whereabouts


@require_safe
def title(request: HttpRequest, title_id: int) -> HttpResponse:
    """Show a title; 404 when it is unknown or kept from readers."""
    titles = Title.objects.filter(is_suppressed=False).select_related("main_class", "marc")
    found = get_object_or_404(titles, pk=title_id)
    short = main_title(found.title)
    context = {
        "title": found,
        "short": short,
        "rest": "" if short == found.title else found.title,
        "is_column": is_vertical(short) and len(short) <= 24,
        "where": whereabouts([found.pk], all_branches())[found.pk],
        "isbns": list(found.identifiers.filter(kind="isbn").values_list("value", flat=True).order_by("id")),
        "has_record": hasattr(found, "marc"),
        "back": back_to_results(request),
    }
    return render(request, "web/reader/title.html", context)
