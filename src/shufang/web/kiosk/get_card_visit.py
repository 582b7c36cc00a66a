"""Whose card is being made at this kiosk: the application behind the token of the visit, which a cookie of these pages holds.

The token is worthless once the visit has ended, whoever still has the cookie.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from shufang.branches import device_sessions
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.registration.get_card.applications import of_visit, touch
from shufang.registration.models import Application, CardStation
from shufang.web.content_security import policy
from shufang.web.kiosk.device import Kiosk, for_kiosk

COOKIE = "shufang_kiosk_card"
STILL_THERE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about an application at a kiosk, at a moment."""

    request: HttpRequest
    kiosk: Kiosk
    now: datetime
    station: CardStation | None = None

    @property
    def today(self) -> date:
        """Return the local day."""
        return timezone.localdate(self.now)

    def text(self, name: str, longest: int = 120) -> str:
        """Return a field of the form without blanks around it."""
        return self.request.POST.get(name, "").strip()[:longest]


def asked_of(request: HttpRequest, kiosk: Kiosk) -> Asked:
    """Return the request with the kiosk's station. One query."""
    station = CardStation.objects.filter(device_id=kiosk.device_id, is_enabled=True).first()
    return Asked(request, kiosk, clock.now(), station)


def application_of(asked: Asked) -> Application | None:
    """Return the application of the visit that stands here. One query, and now and then a statement: it is still alive."""
    nonce = asked.request.COOKIES.get(COOKIE, "")
    if not nonce or not device_sessions.visit_goes_on(asked.kiosk.session, nonce, asked.now):
        return None
    application = of_visit(asked.kiosk.device_id, nonce)
    if application is not None and asked.now - application.touched_at > STILL_THERE:
        touch(application, asked.now)
    return application


def begin_visit(asked: Asked) -> str:
    """Let somebody new stand here; return the token for the cookie."""
    return device_sessions.begin_visit(asked.kiosk.session.pk, asked.now)


def end_visit(asked: Asked) -> None:
    """Let nobody stand here."""
    device_sessions.end_visit(asked.kiosk.session.pk, asked.request.COOKIES.get(COOKIE, ""))


def remember(response: HttpResponse, nonce: str) -> None:
    """Let these pages send the token, as long as the browser stays open."""
    response.set_cookie(
        COOKIE,
        nonce,
        path=reverse("kiosk_card"),
        httponly=True,
        samesite="Strict",
        secure=settings.SHUFANG_HTTPS,
    )


def forget(response: HttpResponse) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path=reverse("kiosk_card"), samesite="Strict")


def reach_station(response: HttpResponse, asked: Asked) -> HttpResponse:
    """Let the page's script reach the station's program (and the pad's) beside this site."""
    agents = [address for address in (asked.kiosk.agent, asked.station.agent if asked.station else "") if address]
    response.headers["Content-Security-Policy"] = policy(*agents)
    return response


Step = Callable[[Asked, Application], Refusal | HttpResponse | None]


def step(work: Step) -> Callable[..., HttpResponse]:
    """Make a view of a step of an application: the page that comes next follows, or the same again with the refusal."""

    @wraps(work)
    def view(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
        asked = asked_of(request, kiosk)
        application = application_of(asked)
        if application is None:
            return HttpResponseRedirect(reverse("kiosk"))
        done = work(asked, application)
        return done if isinstance(done, HttpResponse) else go_on(asked, done)

    return require_POST(for_kiosk(view))


def go_on(asked: Asked, refusal: Refusal | None) -> HttpResponseRedirect:
    """Lead to the page that shows what is lacking now; a refusal is told there by its code, and with it nothing personal.

    A page is never the answer to a form: a touch on the other language loads it again.
    """
    if refusal is None:
        return HttpResponseRedirect(reverse("kiosk_card"))
    told = {name: asked.text(name, 20) for name in ("relation", "by") if asked.text(name, 20)}
    return HttpResponseRedirect(f"{reverse('kiosk_card')}?{urlencode({**told, 'refused': refusal.code})}")
