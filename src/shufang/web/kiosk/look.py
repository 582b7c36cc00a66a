"""How a kiosk shows itself: the language, large text and high contrast that whoever stands there has chosen.

It is a cookie of the kiosk's pages alone (`en.large.more`), which goes when that person leaves.
"""

from dataclasses import dataclass

from django.http import HttpRequest

COOKIE = "shufang_kiosk_look"
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Look:
    """`language` is empty when none was chosen: then the branch's counts."""

    language: str = ""
    is_large: bool = False
    is_high_contrast: bool = False


def look_of(request: HttpRequest) -> Look:
    """Return what the cookie says; nothing of it is believed that is not one of the choices."""
    chosen = request.COOKIES.get(COOKIE, "").split(".")
    language = next((language for language in LANGUAGES if language in chosen), "")
    return Look(language, is_large="large" in chosen, is_high_contrast="more" in chosen)
