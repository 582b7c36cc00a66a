"""What stays on a reader's own phone for when there is no network, and the page that is shown instead of all others.

A page says itself that a copy of it may stay (the header `Shufang-Keep`), and for whom: a mark of the sign-in. The
service worker keeps copies of the present mark alone. On a device that others use too there is no mark and no copy.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from shufang.kernel.identifiers import keyed_hash
from shufang.web.reader.signed_in import Reader, never_cached, signed_in

HEADER = "Shufang-Keep"
_View = ParamSpec("_View")


def mark_of(reader: Reader | None) -> str:
    """Return what tells this sign-in from others on the same phone; empty when nothing may be kept there."""
    if reader is None or not reader.is_own_device:
        return ""
    return keyed_hash(settings.SHUFANG_CODE_KEY, b"mark", str(reader.session_id).encode()).hex()[:16]


def kept_offline(
    view: Callable[Concatenate[HttpRequest, _View], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _View], HttpResponse]:
    """Let the reader's own phone keep a copy of this page, to be shown while there is no network."""

    @wraps(view)
    def with_header(request: HttpRequest, /, *args: _View.args, **kwargs: _View.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        mark = mark_of(signed_in(request))
        if mark and response.status_code == 200:
            response.headers[HEADER] = mark
            never_cached(response)
        return response

    return with_header


@require_safe
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """Show that there is no network and what works without it. The service worker keeps it in both languages."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        return render(request, "web/reader/phone/offline.html", {"language": language})
