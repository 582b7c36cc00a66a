"""Every address: a strict content security policy, nothing inline, forms only with their token, cookies that are closed."""

import re
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.web.reader.signed_in import COOKIE
from tests.web.every_url import every_page
from tests.web.somebody import Somebody, somebody

pytestmark = pytest.mark.usefixtures("cast")

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
WITHOUT_TOKEN = {"payment_call_back": "it is signed by the provider"}
"""What may be posted to without the token of a form of ours, and why."""
FOR_SCRIPTS = frozenset({"shufang_language"})
"""Cookies that hold no secret."""


@pytest.fixture
def him(cast: None) -> Somebody:
    cache.clear()
    return somebody()


def browser(him: Somebody, *, strict: bool = False, https: bool = False) -> Client:
    client = Client(enforce_csrf_checks=strict, headers={"Accept-Language": "en"})
    client.cookies[COOKIE] = sessions.start(him.patron, clock.now(), is_own_device=True)
    if https:
        client.defaults["wsgi.url_scheme"] = "https"
    return client


def test_every_answer_has_a_strict_policy_and_nothing_inline(him: Somebody) -> None:
    pages = 0
    for page in every_page():
        answer = browser(him).get(page.path(him.values))
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, page
        assert "unsafe" not in policy, page
        assert "frame-ancestors 'none'" in policy, page
        assert answer.headers["X-Content-Type-Options"] == "nosniff", page
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.status_code == 200:
            pages += 1
            assert not INLINE.search(answer.content.decode()), page
    assert pages > 25


def test_own_pages_are_kept_by_no_cache(him: Somebody) -> None:
    own = [page for page in every_page() if page.path(him.values).startswith("/me/")]
    assert len(own) > 30
    for page in own:
        answer = browser(him).get(page.path(him.values))
        assert "no-store" in answer.headers.get("Cache-Control", "") or answer.status_code == 405, page


def test_nothing_is_posted_without_the_token_of_a_form(him: Somebody) -> None:
    for page in every_page():
        answer = browser(him, strict=True).post(page.path(him.values), {"pin": "864209"})
        assert answer.status_code == 403 or page.name in WITHOUT_TOKEN, page


def test_every_cookie_is_closed_and_stays_on_https(him: Somebody, settings: Settings) -> None:
    """The three settings are what SHUFANG_HTTPS sets (tests/config/test_https.py)."""
    settings.SHUFANG_HTTPS = settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = True
    settings.LANGUAGE_COOKIE_SECURE = True
    seen = set()
    for page in every_page():
        for answer in (
            browser(him, https=True).get(page.path(him.values)),
            browser(him, https=True).post(page.path(him.values), {"card": "D0000001", "pin": "864209", "own": "on"}),
        ):
            for name, cookie in answer.cookies.items():
                if cookie.value:
                    seen.add(name)
                    assert cookie["secure"], (page, name)
                    assert cookie["samesite"] in {"Lax", "Strict"}, (page, name)
                    assert cookie["httponly"] or name in FOR_SCRIPTS, (page, name)
    assert {COOKIE, "csrftoken", "messages", "shufang_forgotten"} <= seen


def test_the_token_of_a_session_is_in_no_page(him: Somebody) -> None:
    client = browser(him)
    token = client.cookies[COOKIE].value
    for page in every_page():
        if page.name not in {"sign_out", "end_all_sessions"}:
            answer = client.get(page.path(him.values))
            assert token.encode() not in (b"" if answer.streaming else answer.content), page
            assert token not in SimpleCookie(answer.cookies.output()).output(), page
