"""The card's page: whose card, which state, a code that is good now, and the secret only for one's own device."""

import re
from base64 import b64decode
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.patrons.models import Card, Patron, PatronSession, PhoneCard
from shufang.patrons.phone_card import read_code
from shufang.patrons.phone_code import make_code, step_of
from shufang.web.codes import Drawing
from shufang.web.reader.card import spaced
from shufang.web.reader.signed_in import COOKIE
from tests.web.reading_codes import drawn, read

AsReader = Callable[..., Client]


def test_the_card_is_for_its_reader(cast: None) -> None:
    answer = Client().get("/me/card/")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/me/card/"
    assert Client().post("/me/card/secret/").status_code == 302
    assert not PhoneCard.objects.exists()


def test_the_code_on_the_page_is_read_as_the_readers_card(as_reader: AsReader) -> None:
    answer = as_reader("D0000002").get("/me/card/")
    page = answer.content.decode()
    assert "李文静" in page
    assert "D0000002" in page
    drawing = answer.context["code"]
    assert isinstance(drawing, Drawing)
    assert drawing.d in page
    said = read(drawn(drawing))["QRCode"]
    assert "D0000002" not in said
    assert len(said) == 45
    assert read_code(said, clock.now()) == "D0000002"
    assert read(drawn(answer.context["bars"])) == {"Code128": "D0000002"}


def test_it_costs_four_queries_on_the_second_visit(as_reader: AsReader) -> None:
    client = as_reader()
    client.get("/me/card/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/me/card/").status_code == 200
    assert len(queries) <= 4


def test_the_phone_gets_what_it_makes_codes_with(as_reader: AsReader) -> None:
    answer = as_reader("D0000002").post("/me/card/secret/")
    assert answer.status_code == 200
    told = answer.json()
    now = clock.now()
    assert abs(told["now"] - now.timestamp()) < 5
    code = make_code(told["handle"], b64decode(told["secret"]), step_of(now))
    assert read_code(code, now) == "D0000002"
    assert "no-store" in answer["Cache-Control"]


def test_the_secret_is_only_given_to_who_sends_the_pages_token(as_reader: AsReader) -> None:
    client = as_reader()
    client.handler.enforce_csrf_checks = True
    assert client.post("/me/card/secret/").status_code == 403
    assert client.get("/me/card/secret/").status_code == 405


def test_a_device_of_others_gets_no_secret_and_keeps_no_page(cast: None) -> None:
    client = Client()
    patron = Patron.objects.get(cards__number="D0000002")
    client.cookies[COOKIE] = sessions.start(patron, clock.now(), is_own_device=False)
    page = client.get("/me/card/")
    assert page.context["code"] is not None
    assert "Shufang-Keep" not in page
    assert re.search(r'name="shufang-app"\s+content=""', page.content.decode())
    assert client.post("/me/card/secret/").status_code == 409


@pytest.mark.parametrize("status", [Card.Status.LOST, Card.Status.CLOSED, Card.Status.REPLACED, Card.Status.EXPIRED])
def test_a_card_that_does_not_lend_says_so_and_shows_no_code(as_reader: AsReader, status: Card.Status) -> None:
    client = as_reader("D0000002")
    Card.objects.filter(number="D0000002").update(status=status)
    answer = client.get("/me/card/")
    assert answer.context["code"] is None
    assert answer.context["refusal"]
    assert answer.context["refusal"] in answer.content.decode()
    assert "data-card" not in answer.content.decode()
    assert client.post("/me/card/secret/").status_code == 409


def test_who_has_no_card_is_told_where_to_get_one(as_reader: AsReader) -> None:
    client = as_reader("D0000008")
    Card.objects.filter(number="D0000008").delete()
    assert "The desk issues one" in client.get("/me/card/").content.decode()


def test_signing_out_forgets_the_phone(as_reader: AsReader) -> None:
    client = as_reader("D0000002")
    client.get("/me/card/")
    client.post("/sign-out/")
    assert not PatronSession.objects.exists()
    assert list(PhoneCard.objects.values_list("session", flat=True)) == [None]


def test_long_numbers_stand_in_groups() -> None:
    assert spaced("11026004") == "11026004"
    assert spaced("1102600417384186") == "1102 6004 1738 4186"
    assert spaced("D0000001") == "D0000001"
