"""What the kiosk asks for every few seconds: is the line up, what is the time, what stands on the first screen."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_safe

from shufang.branches.presence import code_of
from shufang.branches.solar_terms import ENGLISH, solar_terms
from shufang.circulation.local_days import local_day
from shufang.kernel import clock
from shufang.web.kiosk.assets import version
from shufang.web.kiosk.device import Kiosk, for_kiosk
from shufang.web.kiosk.letter import Letter, letter

ALMANAC_DAYS = 130
"""Long enough to name the day on which a book is due."""
_LETTER_SECONDS = 60


@require_safe
@for_kiosk
def pulse(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Answer. Times are milliseconds since 1970. Four queries a minute, else the session's."""
    now = clock.now()
    presence = code_of(kiosk.device_id, now)
    return JsonResponse(
        {
            "now": int(now.timestamp() * 1000),
            "csrf": get_token(request),
            "account": kiosk.account,
            "version": version(request, kiosk),
            "presence": {
                "code": presence.code,
                "typed": presence.typed,
                "address": request.build_absolute_uri(reverse("self_checkout_arrive", args=[presence.code])),
                "until": int(presence.until.timestamp() * 1000),
            },
            "letter": _letter(kiosk, now),
            "terms": _terms(now),
        }
    )


def _letter(kiosk: Kiosk, now: datetime) -> Letter:
    name = f"web.kiosk.letter.{kiosk.branch_id}"
    kept: Letter | None = cache.get(name)
    if kept is None:
        kept = letter(kiosk, now)
        cache.set(name, kept, _LETTER_SECONDS)
    return kept


def _terms(now: datetime) -> dict[str, dict[str, str]]:
    today = local_day(now)
    return {
        day.isoformat(): {"zh-hans": name, "en": ENGLISH.get(name, name)}
        for day, name in solar_terms(today, today + timedelta(days=ALMANAC_DAYS))
    }
