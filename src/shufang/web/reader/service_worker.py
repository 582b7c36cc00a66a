"""The service worker: its script with what it must know of this site put before it."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

import shufang
from shufang.web.reader.offline import HEADER

_WEB = Path(shufang.__file__).parent / "web"
_SCRIPT = _WEB / "static" / "web" / "js" / "service_worker.js"


@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Answer with the script, looked for anew each time a browser asks. It changes when any file of the pages does."""
    script = f"const SITE = {json.dumps(site(), sort_keys=True)};\n{_SCRIPT.read_text(encoding='utf-8')}"
    return HttpResponse(
        script,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "X-Robots-Tag": "none"},
    )


def site() -> dict[str, object]:
    """Return the addresses that the service worker goes by."""
    return {
        "version": version(),
        "header": HEADER,
        "personal": [reverse("card"), reverse("my_loans"), reverse("home")],
        "offline": {code: reverse("offline", args=[code]) for code, _ in settings.LANGUAGES},
        "signOut": reverse("sign_out"),
        "static": static(""),
        "covers": "/covers/",
        "never": ["/kiosk/", reverse("admin:index"), "/desk/"],
    }


def version() -> str:
    """Return a sign that changes whenever a style sheet, a script or a template of the pages does."""
    return _version() if not settings.DEBUG else _version.__wrapped__()


@lru_cache(maxsize=1)
def _version() -> str:
    digest = sha256(shufang.__version__.encode())
    for folder in ("static", "templates"):
        for path in sorted((_WEB / folder).rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(_WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
