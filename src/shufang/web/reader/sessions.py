"""Where a reader is signed in, and signing out of one of these places or of all."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from shufang.kernel import clock
from shufang.patrons import sessions as stored
from shufang.web.reader.outcomes import done
from shufang.web.reader.signed_in import Reader, for_reader, forget


@require_safe
@for_reader
def sessions(request: HttpRequest, reader: Reader) -> HttpResponse:
    """List the devices, this one first."""
    standing = sorted(stored.standing(reader.patron_id, clock.now()), key=lambda one: one.pk != reader.session_id)
    context = {"sessions": standing, "this": reader.session_id}
    return render(request, "web/reader/account/sessions.html", context)


@require_POST
@for_reader
def end_session(request: HttpRequest, reader: Reader, session_id: int) -> HttpResponse:
    """Sign one device out; one that is not the reader's, or gone already, changes nothing."""
    stored.end(reader.patron_id, session_id)
    if session_id == reader.session_id:
        return _gone()
    return done(request, gettext("Signed out there"), "sessions")


@require_POST
@for_reader
def end_all_sessions(_request: HttpRequest, reader: Reader) -> HttpResponse:
    """Sign out everywhere, here too."""
    stored.end_all(reader.patron_id)
    return _gone()


def _gone() -> HttpResponse:
    response = HttpResponseRedirect(reverse("home"))
    forget(response)
    return response
