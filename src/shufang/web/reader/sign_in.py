"""Signing in with card number and PIN, and signing out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shufang.circulation.sentences import sentence
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons import sessions
from shufang.patrons.sign_in import SignIn
from shufang.patrons.sign_in import sign_in as open_session
from shufang.registration.city_cards.know_card import know_card
from shufang.web.languages import speak
from shufang.web.reader.signed_in import forget, never_cached, remember, signed_in_with_any_pin
from shufang.web.visitor import address_key, browser_name


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for card number and PIN; lead on to `next` (a page of this site, else the first page)."""
    if request.method != "POST":
        if signed_in_with_any_pin(request):
            return HttpResponseRedirect(_onward(request.GET.get("next", "")))
        return never_cached(_form(request, request.GET.get("next", "")))
    command = SignIn(
        card_number=request.POST.get("card", "").strip()[:40],
        pin=request.POST.get("pin", "").strip()[:40],
        address=address_key(request),
        is_own_device="own" in request.POST,
        browser=browser_name(request),
    )
    now = clock.now()
    know_card(command.card_number, command.pin, command.address, now)  # it may be of another library
    outcome = open_session(command, now)
    if isinstance(outcome, Refusal):
        return never_cached(_form(request, request.POST.get("next", ""), outcome, command))
    _end_present(request)
    rotate_token(request)
    response = HttpResponseRedirect(_onward(request.POST.get("next", "")))
    remember(response, outcome.token, is_own_device=command.is_own_device)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        speak(response, outcome.patron.language)
    return never_cached(response)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; whoever is not signed in is none the wiser."""
    _end_present(request)
    rotate_token(request)
    response = HttpResponseRedirect(reverse("home"))
    forget(response)
    # Not "storage": the service worker removes what is the reader's; a kiosk's queue in the same browser must stay.
    response.headers["Clear-Site-Data"] = '"cache"'
    return never_cached(response)


def _end_present(request: HttpRequest) -> None:
    reader = signed_in_with_any_pin(request)
    if reader is not None:
        sessions.end(reader.patron_id, reader.session_id)


def _onward(address: str) -> str:
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else reverse("home")


def _form(
    request: HttpRequest, onward: str, refusal: Refusal | None = None, command: SignIn | None = None
) -> HttpResponse:
    context = {
        "next": onward,
        "refusal": sentence(refusal, get_language() or "") if refusal else "",
        "card": command.card_number if command else request.GET.get("card", "")[:40],
        "own": command.is_own_device if command else True,
    }
    return render(request, "web/reader/sign_in.html", context, status=422 if refusal else 200)
