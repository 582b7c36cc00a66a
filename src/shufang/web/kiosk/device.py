"""Which machine asks: the kiosk behind the cookie, and the decorator of pages that are only for kiosks. Never a person."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation

from shufang.branches import device_sessions
from shufang.branches.models import DeviceSession
from shufang.circulation.place import Place
from shufang.kernel import clock
from shufang.web.content_security import policy
from shufang.web.kiosk.look import look_of

COOKIE = "shufang_kiosk"
COOKIE_AGE = 400 * 24 * 3600
_KEPT = "_shufang_kiosk"
_View = ParamSpec("_View")


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The machine that is signed in, and its branch. `name` and `name_en` are the branch's; `language` too."""

    device_id: int
    account: str
    branch_id: int
    branch_code: str
    name: str
    name_en: str
    library_id: int
    library_code: str
    language: str
    needs_pin: bool
    is_attended: bool
    agent: str
    help_phone: str
    session: DeviceSession

    @property
    def place(self) -> Place:
        """Return the place of everything that is done here."""
        return Place(branch_id=self.branch_id, device_id=self.device_id, is_attended=self.is_attended)


def signed_in_kiosk(request: HttpRequest) -> Kiosk | None:
    """Return the kiosk behind the cookie. One query a request, none without a cookie."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, _read(request))
    found: Kiosk | None = getattr(request, _KEPT)
    return found


def for_kiosk(
    view: Callable[Concatenate[HttpRequest, Kiosk, _View], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _View], HttpResponse]:
    """Give `view` the kiosk, and speak the language that was chosen there; nothing of the answer is cached.

    Another browser is led to the page on which kiosks sign in; a script of a kiosk's page is told 401.
    """

    @wraps(view)
    def only_for_kiosks(request: HttpRequest, /, *args: _View.args, **kwargs: _View.kwargs) -> HttpResponse:
        kiosk = signed_in_kiosk(request)
        if kiosk is None:
            return never_stored(_elsewhere(request))
        with translation.override(look_of(request).language or kiosk.language):
            response = view(request, kiosk, *args, **kwargs)
        response.headers.setdefault("Content-Security-Policy", policy(*([kiosk.agent] if kiosk.agent else [])))
        return never_stored(response)

    return only_for_kiosks


def never_stored(response: HttpResponse) -> HttpResponse:
    """Let no browser keep the answer, not for the back button either."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def remember(response: HttpResponse, token: str) -> None:
    """Give the browser the kiosk's cookie, as long as browsers keep one. Only the kiosk's pages are sent it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE,
        path=reverse("kiosk"),
        httponly=True,
        samesite="Strict",
        secure=settings.SHUFANG_HTTPS,
    )


def forget(response: HttpResponse) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path=reverse("kiosk"), samesite="Strict")


def _elsewhere(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(reverse("kiosk_sign_in"))
    return JsonResponse({"refusal": "not_signed_in"}, status=401)


def _read(request: HttpRequest) -> Kiosk | None:
    token = request.COOKIES.get(COOKIE, "")
    session = device_sessions.find_session(token, request.META.get("REMOTE_ADDR", ""), clock.now()) if token else None
    if session is None:
        return None
    device, branch = session.device, session.device.branch
    return Kiosk(
        device_id=device.pk,
        account=device.account,
        branch_id=branch.pk,
        branch_code=branch.code,
        name=branch.name,
        name_en=branch.name_en,
        library_id=branch.library_id,
        library_code=branch.library.code,
        language=branch.language,
        needs_pin=device.needs_pin,
        is_attended=device.is_attended,
        agent=device.agent,
        help_phone=branch.help_phone,
        session=session,
    )
