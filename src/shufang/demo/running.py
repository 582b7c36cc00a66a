"""Whether this process is the demonstration. Only `shufang demo` says so; its pages exist nowhere else."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from shufang.web.house import register_note
from shufang.web.reader.signed_in import COOKIE

_View = ParamSpec("_View")
_state = {"running": False}


def begin() -> None:
    """Let this process be the demonstration: its start page answers, and the reader's pages lead to it."""
    if not _state["running"]:
        _state["running"] = True
        register_note("above", _above)
        register_note("foot", _foot)


def is_running() -> bool:
    """Say whether it is."""
    return _state["running"]


def only_in_demonstration(
    view: Callable[Concatenate[HttpRequest, _View], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _View], HttpResponse]:
    """Let `view` answer 404 in a real network, as if there were no such page."""

    @wraps(view)
    def only(request: HttpRequest, /, *args: _View.args, **kwargs: _View.kwargs) -> HttpResponse:
        if not is_running():
            raise Http404
        return view(request, *args, **kwargs)

    return only


def _above(request: HttpRequest) -> str:
    """Offer the cast on the first page to whoever is nobody yet."""
    return "demo/note.html" if is_running() and request.path == "/" and COOKIE not in request.COOKIES else ""


def _foot(_request: HttpRequest) -> str:
    return "demo/foot.html" if is_running() else ""
