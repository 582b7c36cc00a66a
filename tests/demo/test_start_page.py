"""The demonstration opens on a page with its cast, one click away; a real network has no such page."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse

from shufang.demo import network, running, urls
from shufang.demo.cast import MEMBERS, settle
from shufang.demo.start_page import SITUATIONS
from shufang.kernel import clock
from shufang.patrons.models import Patron, PatronSession
from shufang.patrons.pin import set_pin
from shufang.web import house

PATHS = [reverse(pattern.name) for pattern in urls.urlpatterns]


@pytest.fixture
def cast(db: None) -> None:
    cache.clear()
    settle(clock.now())


@pytest.fixture
def demonstration(cast: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(running, "_state", {"running": False})
    monkeypatch.setattr(house, "_notes", [])
    running.begin()
    return Client(headers={"Accept-Language": "en"})


def test_it_offers_everybody_of_the_cast(demonstration: Client) -> None:
    page = demonstration.get("/demo/").content.decode()
    assert {member.number for member in MEMBERS} == set(SITUATIONS)
    for member in MEMBERS:
        assert member.name in page
        assert f'value="{member.number}"' in page
    assert "librarian" in page


def test_one_click_signs_a_reader_in(demonstration: Client) -> None:
    answer = demonstration.post("/demo/reader/", {"card": "D0000002"})
    assert answer["Location"] == "/"
    assert "李文静" in demonstration.get("/more/").content.decode()
    demonstration.post("/demo/reader/", {"card": "D0000001"})
    assert "王小红" in demonstration.get("/more/").content.decode()


def test_one_click_opens_the_staffs_pages(demonstration: Client) -> None:
    answer = demonstration.post("/demo/desk/")
    assert answer["Location"] == "/admin/"
    assert demonstration.get("/admin/").status_code == 200


def test_the_first_page_leads_there(demonstration: Client) -> None:
    page = demonstration.get("/").content.decode()
    for path in PATHS:
        assert f'"{path}"' in page
    demonstration.post("/demo/reader/", {"card": "D0000001"})
    page = demonstration.get("/").content.decode()
    assert '"/demo/reader/"' not in page
    assert '"/demo/"' in page


def test_who_has_another_pin_by_now_is_told(demonstration: Client) -> None:
    set_pin(Patron.objects.get(cards__number="D0000001"), "246813")
    assert demonstration.post("/demo/reader/", {"card": "D0000001"})["Location"] == "/demo/"
    assert "do not belong together" in demonstration.get("/demo/").content.decode()


def test_nobody_but_the_cast_is_signed_in(demonstration: Client) -> None:
    assert demonstration.post("/demo/reader/", {"card": "D0001001"})["Location"] == "/demo/"
    assert not PatronSession.objects.exists()


def test_forms_need_the_csrf_token(demonstration: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in PATHS[1:]:
        assert strict.post(path, {"card": "D0000001"}).status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_a_real_network_has_none_of_it(cast: None, client: Client, path: str) -> None:
    assert not running.is_running()
    assert client.get(path).status_code in {404, 405}
    assert client.post(path, {"card": "D0000001", "account": network.DEVICES[0][0]}).status_code in {404, 405}
    assert not PatronSession.objects.exists()
    assert "demo" not in client.get("/").content.decode()
    assert get_resolver().resolve(path)
