"""Changing the PIN; the one page that a first PIN opens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons.change_pin import ChangePin, change_pin
from shufang.web.reader.outcomes import done, refused
from shufang.web.reader.signed_in import Reader, for_reader_with_any_pin
from shufang.web.visitor import address_key

TEMPLATE = "web/reader/account/pin.html"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_reader_with_any_pin
def pin(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Ask for the old PIN and twice for the new one; a change signs out everywhere else."""
    context: dict[str, object] = {"is_first": reader.pin_must_change, "card": reader.card_number}
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    new = request.POST.get("new", "").strip()
    if new != request.POST.get("again", "").strip():
        return refused(request, TEMPLATE, Refusal("pin_repeat_differs"), context)
    command = ChangePin(
        patron_id=reader.patron_id,
        card_number=reader.card_number,
        session_id=reader.session_id,
        old_pin=request.POST.get("old", "").strip()[:40],
        new_pin=new,
        address=address_key(request),
    )
    outcome = change_pin(command, clock.now())
    if isinstance(outcome, Refusal):
        return refused(request, TEMPLATE, outcome, context)
    words = gettext("Your PIN is changed")
    if outcome.signed_out:
        words = ngettext(
            "Your PIN is changed. %(count)s other device was signed out.",
            "Your PIN is changed. %(count)s other devices were signed out.",
            outcome.signed_out,
        ) % {"count": outcome.signed_out}
    return done(request, words, "home" if reader.pin_must_change else "more")
