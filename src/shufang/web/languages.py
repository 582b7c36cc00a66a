"""The language of a page: the choice made on it (a cookie), else what the browser asks for, else the network's."""

from django.conf import settings
from django.middleware.locale import LocaleMiddleware


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, under a cookie name of the faces (`LANGUAGE_COOKIE_NAME`)."""


COOKIE = settings.LANGUAGE_COOKIE_NAME
