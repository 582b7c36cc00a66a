"""Signing in and out: one answer whatever is wrong, limits, the cookie, sliding end, few writes."""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.patrons.models import Patron, PatronSession
from shufang.patrons.pin import set_pin
from shufang.patrons.sign_in import MOST_OF_AN_ADDRESS
from shufang.web.reader.signed_in import COOKIE, Reader, for_reader, signed_in
from tests.web.answers import Answer

pytestmark = pytest.mark.usefixtures("cast")

PIN = "135790"


def post(client: Client, card: str, pin: str, **more: str) -> Answer:
    return client.post("/sign-in/", {"card": card, "pin": pin, **more}, headers={"Accept-Language": "en"})


def test_card_and_pin_open_a_session(client: Client) -> None:
    answer = post(client, "d0000001", PIN, next="/search/?q=a", own="on")
    assert (answer.status_code, answer["Location"]) == (302, "/search/?q=a")
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"]
    session = PatronSession.objects.get()
    assert session.patron == Patron.objects.get(cards__number="D0000001")
    assert cookie.value not in str(bytes(session.token_hash))
    assert "no-store" in answer["Cache-Control"]


def test_on_a_device_of_others_the_cookie_goes_with_the_browser(client: Client) -> None:
    post(client, "D0000001", PIN)
    assert not client.cookies[COOKIE]["max-age"]
    assert not PatronSession.objects.get().is_own_device


def test_the_cookie_is_for_https_alone_where_there_is_https(client: Client, settings: object) -> None:
    settings.SHUFANG_HTTPS = True  # type: ignore[attr-defined]
    post(client, "D0000001", PIN)
    assert client.cookies[COOKIE]["secure"]


def without_token(page: bytes) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.decode())


def test_unknown_card_wrong_pin_and_card_without_pin_get_one_answer(client: Client) -> None:
    Patron.objects.filter(cards__number="D0000002").update(pin_hash="")
    Patron.objects.filter(cards__number="D0000003").update(closed_at=clock.now())
    pages = []
    for card, pin in (("X9999999", PIN), ("D0000001", "000001"), ("D0000002", PIN), ("D0000003", PIN)):
        answer = post(client, card, pin)
        assert answer.status_code == 422
        assert COOKIE not in answer.cookies
        pages.append(without_token(answer.content).replace(card, "CARD"))
    assert len(set(pages)) == 1
    assert "do not belong together" in pages[0]


def test_unknown_card_and_wrong_pin_cost_the_same_work(client: Client) -> None:
    def statements(card: str, pin: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            post(client, card, pin)
        return [query["sql"].split(" ", 1)[0] for query in seen.captured_queries]

    assert statements("X9999999", PIN) == statements("D0000001", "000001")

    def seconds(card: str) -> float:
        began = perf_counter()
        sessions.find("nothing", clock.now())
        post(client, card, "000001")
        return perf_counter() - began

    known = min(seconds(f"D000000{n}") for n in (1, 2, 5, 6, 8))
    unknown = min(seconds(f"X000000{n}") for n in (1, 2, 5, 6, 8))
    assert 0.5 < known / unknown < 2


def test_five_wrong_pins_lock_card_and_address_and_no_other_address(client: Client) -> None:
    for _ in range(5):
        post(client, "D0000001", "000001")
    locked = post(client, "D0000001", PIN)
    assert b"15 minutes" in locked.content
    assert COOKIE not in locked.cookies
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert post(elsewhere, "D0000001", PIN).status_code == 302


def test_one_address_cannot_try_over_many_cards(client: Client) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        assert b"15 minutes" not in post(client, f"X{number:07}", "000001").content
    assert b"15 minutes" in post(client, "D0000001", PIN).content
    assert post(Client(REMOTE_ADDR="192.0.2.7"), "D0000001", PIN).status_code == 302


def test_addresses_of_one_ipv6_household_are_one(client: Client) -> None:
    for last in range(5):
        post(Client(REMOTE_ADDR=f"2001:db8:1:2::{last + 1}"), "D0000001", "000001")
    assert b"15 minutes" in post(Client(REMOTE_ADDR="2001:db8:1:2:ffff::9"), "D0000001", PIN).content
    assert post(Client(REMOTE_ADDR="2001:db8:1:3::1"), "D0000001", PIN).status_code == 302


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_signing_in_leads_to_no_other_site(client: Client, address: str) -> None:
    assert post(client, "D0000001", PIN, next=address)["Location"] == "/"


def test_signing_in_again_ends_the_session_before(client: Client) -> None:
    post(client, "D0000001", PIN)
    post(client, "D0000002", PIN)
    assert PatronSession.objects.get().patron.cards.get().number == "D0000002"


def test_signing_out_ends_the_session_in_the_database(as_reader: Callable[[str], Client]) -> None:
    client = as_reader("D0000001")
    assert client.get("/sign-out/").status_code == 405
    answer = client.post("/sign-out/")
    assert answer["Location"] == "/"
    assert not PatronSession.objects.exists()
    assert client.cookies[COOKIE].value == ""


def test_forms_need_the_csrf_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, "D0000001", PIN).status_code == 403
    assert strict.post("/sign-out/").status_code == 403


def who(client: Client) -> Reader | None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value
    return signed_in(request)


def test_one_query_a_request_and_one_write_an_hour(as_reader: Callable[[str], Client]) -> None:
    client = as_reader("D0000007")
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value
    with CaptureQueriesContext(connection) as seen:
        reader = signed_in(request)
        assert signed_in(request) is reader
    assert len(seen) == 1
    assert reader is not None
    assert (reader.card_number, reader.is_minor) == ("D0000007", True)
    PatronSession.objects.update(seen_at=clock.now() - timedelta(minutes=61))
    with CaptureQueriesContext(connection) as seen:
        assert who(client)
    assert [query["sql"].split()[0] for query in seen.captured_queries] == ["SELECT", "UPDATE"]
    with CaptureQueriesContext(connection) as seen:
        assert who(client)
    assert len(seen) == 1


def test_a_session_slides_and_ends_unused(as_reader: Callable[[str], Client]) -> None:
    client = as_reader("D0000001")
    PatronSession.objects.update(seen_at=clock.now() - timedelta(days=89))
    assert who(client)
    PatronSession.objects.update(seen_at=clock.now() - timedelta(days=91))
    assert who(client) is None
    PatronSession.objects.update(seen_at=clock.now() - timedelta(minutes=119), is_own_device=False)
    assert who(client)
    PatronSession.objects.update(seen_at=clock.now() - timedelta(minutes=121))
    assert who(client) is None


def test_a_new_pin_and_a_closed_record_end_sessions(as_reader: Callable[[str], Client]) -> None:
    client = as_reader("D0000001")
    patron = Patron.objects.get(cards__number="D0000001")
    set_pin(patron, "246813")
    assert who(client) is None
    client = as_reader("D0000002")
    Patron.objects.filter(cards__number="D0000002").update(closed_at=clock.now())
    assert who(client) is None


def test_a_page_for_readers_sends_others_to_sign_in_and_back(as_reader: Callable[[str], Client]) -> None:
    @for_reader
    def page(_request: object, reader: Reader) -> HttpResponse:
        return HttpResponse(reader.name)

    make = RequestFactory()
    assert page(make.get("/me/x/?a=1&b=2"))["Location"] == "/sign-in/?next=/me/x/%3Fa%3D1%26b%3D2"
    posted = make.post("/me/x/renew/", headers={"Referer": "http://testserver/me/x/"})
    assert page(posted)["Location"] == "/sign-in/?next=/me/x/"
    strange = make.post("/me/x/renew/", headers={"Referer": "http://elsewhere.example/me/x/"})
    assert page(strange)["Location"] == "/sign-in/?next=/"
    by_htmx = make.get("/part/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/me/x/"})
    answer = page(by_htmx)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/?next=/me/x/")
    mine = make.get("/me/x/")
    mine.COOKIES[COOKIE] = as_reader("D0000001").cookies[COOKIE].value
    answer = page(mine)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_the_first_language_is_the_readers_own(client: Client) -> None:
    Patron.objects.filter(cards__number="D0000001").update(language="en")
    client.post("/sign-in/", {"card": "D0000001", "pin": PIN}, headers={"Accept-Language": "zh-CN"})
    assert client.cookies["shufang_language"].value == "en"
    assert b'lang="en"' in client.get("/", headers={"Accept-Language": "zh-CN"}).content
