"""A forgotten PIN: ask for a code, then type it with a new PIN. The pages are the same whatever the card."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shufang.circulation.notice_texts import render as words_of_notice
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.notices.at_once import send_at_once
from shufang.notices.send_code import SendPinCode, send_pin_code
from shufang.patrons.forgotten_pin import ChooseNewPin, choose_new_pin
from shufang.web.reader.outcomes import done, refused
from shufang.web.reader.signed_in import never_cached
from shufang.web.visitor import address_key

COOKIE = "shufang_forgotten"
"""The card's number, signed, from the first page to the second."""
COOKIE_AGE = 900
_BACK_TO_SIGN_IN: dict[str, object] = {"back_name": "sign_in"}
_ASK, _CHOOSE = "web/reader/forgotten_pin.html", "web/reader/new_pin.html"


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_pin(request: HttpRequest) -> HttpResponse:
    """Ask for the card's number; a code goes to its contact, if there is one."""
    if request.method != "POST":
        return never_cached(render(request, _ASK, _BACK_TO_SIGN_IN))
    card = _typed(request, "card")
    outcome = send_pin_code(SendPinCode(card, address_key(request)), clock.now())
    if isinstance(outcome, Refusal):
        return never_cached(refused(request, _ASK, outcome, {"card": card, **_BACK_TO_SIGN_IN}))
    send_at_once(outcome.notice_ids, words_of_notice)
    response = HttpResponseRedirect(reverse("new_pin"))
    response.set_signed_cookie(
        COOKIE,
        card,
        salt=COOKIE,
        max_age=COOKIE_AGE,
        path=reverse("sign_in"),
        httponly=True,
        samesite="Lax",
        secure=settings.SHUFANG_HTTPS,
    )
    return never_cached(response)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_pin(request: HttpRequest) -> HttpResponse:
    """Ask for the code and a new PIN; then the reader signs in with it."""
    asked_for = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=COOKIE_AGE) or ""
    context: dict[str, object] = {
        "asked_for": asked_for,
        "card": _typed(request, "card"),
        "back_name": "forgotten_pin",
    }
    if request.method != "POST":
        return never_cached(render(request, _CHOOSE, context))
    if _typed(request, "new") != _typed(request, "again"):
        return never_cached(refused(request, _CHOOSE, Refusal("pin_repeat_differs"), context))
    command = ChooseNewPin(
        card_number=asked_for or _typed(request, "card"),
        code="".join(_typed(request, "code").split()),
        new_pin=_typed(request, "new"),
        address=address_key(request),
    )
    outcome = choose_new_pin(command, clock.now())
    if isinstance(outcome, Refusal):
        return never_cached(refused(request, _CHOOSE, outcome, context))
    response = done(request, gettext("Your new PIN is good from now on. Sign in with it."), "sign_in")
    response.delete_cookie(COOKIE, path=reverse("sign_in"), samesite="Lax")
    return never_cached(response)


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:40]
