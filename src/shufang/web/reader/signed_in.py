"""Who reads this page: the reader behind the cookie, and the decorator of pages that are only for him."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.patrons.guardians import is_minor

COOKIE = "shufang_reader"
COOKIE_AGE = 400 * 24 * 3600  # as long as browsers keep one; the session itself ends earlier
_KEPT = "_shufang_reader"
_View = ParamSpec("_View")


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader who is signed in."""

    patron_id: int
    card_number: str
    name: str
    language: str
    session_id: int
    pin_must_change: bool
    is_minor: bool
    is_own_device: bool
    home_branch_id: int | None = None


def signed_in(request: HttpRequest) -> Reader | None:
    """Return the reader behind the cookie. One query a request, none without a cookie.

    Whose first PIN must be changed is nobody yet.
    """
    reader = signed_in_with_any_pin(request)
    return None if reader is None or reader.pin_must_change else reader


def signed_in_with_any_pin(request: HttpRequest) -> Reader | None:
    """Return the reader behind the cookie, also one who must change his first PIN."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, _read(request.COOKIES.get(COOKIE, "")))
    found: Reader | None = getattr(request, _KEPT)
    return found


def for_reader(
    view: Callable[Concatenate[HttpRequest, Reader, _View], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _View], HttpResponse]:
    """Give `view` the reader; send everybody else to the page to sign in, and back afterwards. Nothing of it is cached.

    Whose first PIN must be changed is sent to do that before anything else.
    """

    @wraps(view)
    def only_for_reader(request: HttpRequest, /, *args: _View.args, **kwargs: _View.kwargs) -> HttpResponse:
        reader = signed_in_with_any_pin(request)
        if reader is None:
            return never_cached(elsewhere(request, "sign_in"))
        if reader.pin_must_change:
            return never_cached(elsewhere(request, "pin"))
        return never_cached(view(request, reader, *args, **kwargs))

    return only_for_reader


def for_reader_with_any_pin(
    view: Callable[Concatenate[HttpRequest, Reader, _View], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _View], HttpResponse]:
    """Do the same for the one page that a first PIN opens: where it is changed."""

    @wraps(view)
    def only_for_reader(request: HttpRequest, /, *args: _View.args, **kwargs: _View.kwargs) -> HttpResponse:
        reader = signed_in_with_any_pin(request)
        response = elsewhere(request, "sign_in") if reader is None else view(request, reader, *args, **kwargs)
        return never_cached(response)

    return only_for_reader


def elsewhere(request: HttpRequest, name: str) -> HttpResponse:
    """Lead to the page `name`, which leads back to where the reader is now (`next`)."""
    address = f"{reverse(name)}?{_back(request)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def never_cached(response: HttpResponse) -> HttpResponse:
    """Let no browser keep the page, so that the back button shows nothing after signing out."""
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
    return response


def remember(response: HttpResponse, token: str, *, is_own_device: bool) -> None:
    """Give the browser its cookie; on a device of others it goes when the browser is closed."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE if is_own_device else None,
        httponly=True,
        samesite="Lax",
        secure=settings.SHUFANG_HTTPS,
    )


def forget(response: HttpResponse) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _read(token: str) -> Reader | None:
    if not token:
        return None
    found = sessions.find(token, clock.now())
    if found is None:
        return None
    return Reader(
        patron_id=found.patron_id,
        card_number=found.card_number,
        name=found.name,
        language=found.language,
        session_id=found.session_id,
        pin_must_change=found.pin_must_change,
        is_minor=is_minor(found.birth_date, timezone.localdate()),
        home_branch_id=found.home_branch_id,
        is_own_device=found.is_own_device,
    )


def _back(request: HttpRequest) -> str:
    """Return the `next` of the page on which the reader is: this one, or for a form or htmx the one it stands on."""
    address = request.get_full_path()
    if request.method not in {"GET", "HEAD"} or request.headers.get("HX-Request"):
        came_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
        address = f"{came_from.path}?{came_from.query}" if came_from.netloc == request.get_host() else reverse("home")
    parameters = QueryDict(mutable=True)
    parameters["next"] = address.removesuffix("?")
    return parameters.urlencode(safe="/")
