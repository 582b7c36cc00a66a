"""The installed app: manifest, icons and the service worker as they are served."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image

from shufang.web.reader import service_worker

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "阅读大兴"), ("en", "Reading Daxing")])
def test_the_manifest_speaks_both_languages_and_every_address_answers(cast: None, language: str, name: str) -> None:
    answer = Client().get(f"/app/{language}.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert told["name"] == name
    assert told["display"] == "standalone"
    for address in (told["start_url"], *(shortcut["url"] for shortcut in told["shortcuts"])):
        assert Client().get(address).status_code in {200, 302}
    purposes = {icon["purpose"] for icon in told["icons"]}
    assert purposes == {"any", "maskable"}
    for icon in told["icons"]:
        found = finders.find(icon["src"].removeprefix("/static/"))
        assert isinstance(found, str)
        side = int(icon["sizes"].partition("x")[0])
        assert Image.open(found).size == (side, side)


def test_the_sign_of_the_maskable_icon_lies_within_the_safe_circle() -> None:
    found = finders.find("web/icons/maskable-512.png")
    assert isinstance(found, str)
    icon = Image.open(found).convert("RGB")
    ground = icon.getpixel((0, 0))
    strokes = [(x, y) for x in range(0, 512, 2) for y in range(0, 512, 2) if icon.getpixel((x, y)) != ground]
    assert len(strokes) > 1000
    assert all((x - 256) ** 2 + (y - 256) ** 2 <= (0.4 * 512) ** 2 for x, y in strokes)


def test_unknown_languages_have_no_page() -> None:
    assert Client().get("/app/fr.webmanifest").status_code == 404
    assert Client().get("/offline/fr/").status_code == 404


def test_the_service_worker_is_looked_for_anew_and_serves_the_whole_site() -> None:
    answer = Client().get("/service-worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    site = json.loads(answer.content.decode().split("\n", 1)[0].removeprefix("const SITE = ").removesuffix(";"))
    assert site["version"] == service_worker.version()
    assert set(site["personal"]) == {reverse("home"), reverse("card"), reverse("my_loans")}
    assert {"/kiosk/", reverse("admin:index")} <= set(site["never"])
    assert site["signOut"] == reverse("sign_out")


def test_the_page_without_a_network_is_nobodys(cast: None) -> None:
    for language, words in (("en", "What works without"), ("zh-hans", "没有网络也能用")):
        answer = Client().get(f"/offline/{language}/")
        page = answer.content.decode()
        assert words in page
        assert "shufang-app" not in page  # or the phone would take it for the page of who has signed out
        assert "offline.js" not in page


def test_the_policy_lets_the_worker_in_and_nothing_inline(cast: None) -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "unsafe" not in policy
