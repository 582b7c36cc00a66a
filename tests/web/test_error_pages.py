"""What a reader sees when there is no such page, or when something is broken."""

import pytest
from django.test import Client

from shufang.web.content_security import POLICY
from shufang.web.reader import home


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nowhere/", "/titles/999999999/"])
def test_an_unknown_page_says_what_to_do(client: Client, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
    assert 'href="/search/"' in answer.content.decode()
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_a_broken_page_speaks_both_languages_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_now: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(home, "_lines", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "出了点毛病" in answer.content.decode()
    assert "Something went wrong" in answer.content.decode()
