"""All that is not in the bar: the reader's own pages, and for everybody signing in and the language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shufang.web.reader.signed_in import never_cached, signed_in


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Show what there is; whoever is not signed in can do so here."""
    return never_cached(render(request, "web/reader/account/more.html", {"reader": signed_in(request)}))
