"""Rendering a page of the kiosk."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shufang.web.kiosk.device import Kiosk
from shufang.web.kiosk.look import look_of


def page(
    request: HttpRequest, kiosk: Kiosk, template: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a template that extends web/kiosk/base.html, with the kiosk and its look."""
    about = {"kiosk": kiosk, "look": look_of(request), "zone": settings.TIME_ZONE}
    return render(request, template, {**(context or {}), **about}, status=status)
