"""Signing a browser in as a kiosk, by whoever sets it up, and out again with the same password."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shufang.branches import device_sessions
from shufang.branches.devices import check_device_password, may_call_from
from shufang.branches.models import Device
from shufang.circulation.sentences import sentence
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons.tries import count_try, tries_of
from shufang.web.kiosk.device import Kiosk, forget, never_stored, remember, signed_in_kiosk
from shufang.web.visitor import address_key

MOST_TRIES = 20
"""Wrong passwords of one address within a quarter of an hour, over all machines."""
WITHIN = timedelta(minutes=15)
_WRONG = "kiosk_sign_in"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the machine's account and password; a kiosk that is signed in is asked for its password to end that."""
    kiosk = signed_in_kiosk(request)
    if request.method != "POST":
        return never_stored(_form(request, kiosk))
    account = kiosk.account if kiosk and "out" in request.POST else request.POST.get("account", "").strip()[:60]
    device = _checked(request, account, request.POST.get("password", "")[:200])
    if isinstance(device, Refusal):
        return never_stored(_form(request, kiosk, device, account))
    if kiosk is not None:
        device_sessions.end_session(kiosk.session.pk)
    if "out" in request.POST:
        response = HttpResponseRedirect(reverse("kiosk_sign_in"))
        forget(response)
        response.headers["Clear-Site-Data"] = '"cache"'  # what waits in the kiosk's queue stays
        return never_stored(response)
    response = HttpResponseRedirect(reverse("kiosk"))
    remember(response, device_sessions.open_session(device, _address(request), clock.now()))
    return never_stored(response)


def _checked(request: HttpRequest, account: str, password: str) -> Device | Refusal:
    """Return the kiosk of this account. Refuses kiosk_sign_in_wrong, sign_in_too_often and kiosk_not_from_here."""
    now, address = clock.now(), address_key(request)
    if tries_of(_WRONG, address, WITHIN, now) >= MOST_TRIES:
        return Refusal("sign_in_too_often", {"minutes": int(WITHIN.total_seconds() // 60)})
    device = check_device_password(account, password)
    if device is None or device.kind != Device.Kind.KIOSK:
        count_try(_WRONG, address, WITHIN, now)
        return Refusal("kiosk_sign_in_wrong")
    if not may_call_from(device, _address(request)):
        return Refusal("kiosk_not_from_here")
    return device


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _form(request: HttpRequest, kiosk: Kiosk | None, refusal: Refusal | None = None, account: str = "") -> HttpResponse:
    context = {
        "kiosk": kiosk,
        "account": account,
        "refusal": sentence(refusal, get_language() or "") if refusal else "",
    }
    return render(request, "web/kiosk/sign_in.html", context, status=422 if refusal else 200)
