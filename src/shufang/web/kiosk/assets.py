"""The files of which the kiosk's page is made, so that it can keep them, and the version by which it knows newer ones."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from shufang import __version__
from shufang.web.kiosk.device import Kiosk, for_kiosk

_PACKAGE = Path(__file__).resolve().parent.parent.parent
_ALWAYS = ("web/shufang.css", "web/kiosk.css", "web/mark.svg", "web/vendor/lean-qr-2.7.4.min.js")
_SERVICE_WORKER = "web/js/kiosk/service_worker.js"


@lru_cache(maxsize=1)
def files() -> tuple[str, ...]:
    """Return the names of the static files that the page needs."""
    modules = Path(str(finders.find("web/js/kiosk/kiosk.js"))).parent.glob("*.js")
    names = sorted(f"web/js/kiosk/{module.name}" for module in modules)
    return (*_ALWAYS, *(name for name in names if name != _SERVICE_WORKER))


def version(request: HttpRequest, kiosk: Kiosk) -> str:
    """Return a short word that changes with the files, the texts, or what the page says of this kiosk."""
    about = (
        kiosk.account, kiosk.name, kiosk.name_en, kiosk.language, str(kiosk.needs_pin), kiosk.agent, kiosk.help_phone,
        request.get_host(),
    )  # fmt: skip
    return _digest("\n".join((_of_the_files(), *about)).encode())


@lru_cache(maxsize=1)
def _of_the_files() -> str:
    """Return a digest of everything that the page is made from; read once a process."""
    found = [Path(str(finders.find(name))) for name in (*files(), _SERVICE_WORKER)]
    found += sorted((_PACKAGE / "web" / "templates" / "web" / "kiosk").rglob("*.html"))
    found += sorted((_PACKAGE / "locale").rglob("*.po"))
    return _digest(b"\0".join([__version__.encode(), *(path.read_bytes() for path in found)]))


@require_safe
@for_kiosk
def service_worker(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Answer with the script that keeps the page; the browser asks for it again under each new version."""
    about = {
        "version": version(request, kiosk),
        "page": reverse("kiosk"),
        "files": [static(name) for name in files()],
    }
    script = Path(str(finders.find(_SERVICE_WORKER))).read_text(encoding="utf-8")
    return HttpResponse(f"const KEPT = {json.dumps(about)};\n{script}", content_type="text/javascript; charset=utf-8")


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
