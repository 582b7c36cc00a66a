"""The web app manifest, one a language: what the app is called and looks like once it is installed."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shufang.web.house import network_name

PAPER = "#f6f0e3"
ICONS = (
    ("icons/192.png", "192x192", "any"),
    ("icons/512.png", "512x512", "any"),
    ("icons/maskable-512.png", "512x512", "maskable"),
)
"""Made from the mark by scripts/icons.py."""


@require_safe
def manifest(_request: HttpRequest, language: str) -> HttpResponse:
    """Answer with the manifest in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        return JsonResponse(
            _manifest(language), content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
        )


def _manifest(language: str) -> dict[str, object]:
    name = network_name()
    return {
        "id": "/",
        "name": name,
        "short_name": name,
        "description": _("Find a book and see where it is now"),
        "lang": "en" if language == "en" else "zh-CN",
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["books", "education"],
        "icons": [
            {"src": static(f"web/{file}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for file, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": _("Card"), "url": reverse("card")},
            {"name": _("Borrow with this phone"), "url": reverse("self_checkout")},
            {"name": _("Loans"), "url": reverse("my_loans")},
        ],
    }
