"""The kiosk's own page, on which one borrows, returns and renews; it goes on working without the server."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shufang.web.kiosk.assets import version
from shufang.web.kiosk.device import Kiosk, for_kiosk
from shufang.web.kiosk.page import page
from shufang.web.kiosk.texts import texts

TAGS = (("zh-hans", "zh-CN"), ("en", "en"))
"""The page's languages: Django's code and the tag (BCP 47) of `lang`."""


@require_safe
@for_kiosk
def first(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Show it. Nobody's name stands in it: it is the same for everybody, so that the kiosk may keep it."""
    return page(
        request,
        kiosk,
        "web/kiosk/kiosk.html",
        {"languages": TAGS, "texts": texts(), "version_of_page": version(request, kiosk)},
    )
