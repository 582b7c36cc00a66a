"""The language of a page: the choice made on it (a cookie), else what the browser asks for, else the network's."""

from django.conf import settings
from django.http import HttpResponse
from django.middleware.locale import LocaleMiddleware


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, under a cookie name of the faces (`LANGUAGE_COOKIE_NAME`)."""


COOKIE = settings.LANGUAGE_COOKIE_NAME


def speak(response: HttpResponse, language: str) -> None:
    """Let the pages of this browser speak a language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
