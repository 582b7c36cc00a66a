"""Nothing of one reader is reachable by another, or by nobody, at any address there is.

Each address of the URLconf, with the numbers of somebody's things in it and in the form, is asked for and posted to as
another reader and as nobody. What comes back says nothing of him, and after it every row about him is as it was. An
address with a parameter that this test does not know fails it: say in tests/web/somebody.py what it is of him.
"""

import json
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.patrons.models import Patron
from shufang.patrons.own_data import own_data
from shufang.web.reader.signed_in import COOKIE
from tests.web.answers import Answer
from tests.web.every_url import Page, every_page
from tests.web.somebody import BOOK, CARD, LIST, MARKS, NAME, REFERENCE, Somebody, somebody

pytestmark = pytest.mark.usefixtures("cast")

ANOTHER, ANOTHERS_PIN = "D0000002", "135790"
SHOWS_THE_BOOK = frozenset(
    {"home", "results", "suggestions", "title", "marc", "record", "cover", "shared_list", "scan_found"}
)
"""The catalogue, which is everybody's, and a list that its reader shared."""
MAY_ADD = {
    "forgotten_pin": {"patrons.onetimecode", "notices.notice"},
    "new_pin": {"patrons.onetimecode"},
}
"""Whoever knows a card's number may have a code sent to its reader, which opens nothing without his mailbox, and guess
at it, which is counted.
"""


@pytest.fixture
def him(cast: None) -> Somebody:
    cache.clear()
    return somebody()


def browser(card_number: str = "") -> Client:
    client = Client(headers={"Accept-Language": "en"}, raise_request_exception=True)
    if card_number:
        patron = Patron.objects.get(cards__number=card_number)
        client.cookies[COOKIE] = sessions.start(patron, clock.now(), is_own_device=True)
    return client


def form(him: Somebody) -> dict[str, str]:
    """Return everything that a form of ours may hold, filled in with what is his."""
    named = {name: str(value) for name, value in him.values.items()}
    short = {name.removesuffix("_id"): value for name, value in named.items() if name.endswith("_id")}
    typed = {
        "card": CARD, "card_number": CARD, "pin": ANOTHERS_PIN, "old": ANOTHERS_PIN, "new": "975310", "again": "975310",
        "code": "000000", "email": "another@example.net", "barcode": "DX00000001", "q": NAME, "branch": "GMD",
        "pickup": "GMD", "name": "another", "amount": "1.10", "order": REFERENCE, "next": "/me/", "language": "en",
        "line": named["history_id"], "lines": named["history_id"], "until": "2099-01-01", "outcome": "paid",
    }  # fmt: skip
    return {**named, **short, **typed}


def answers(page: Page, him: Somebody, who: Callable[[], Client]) -> Iterator[tuple[str, Answer]]:
    """Ask, post as a form and post as JSON, each in a browser of its own."""
    path, body = page.path(him.values), form(him)
    yield "GET", who().get(path, {"order": REFERENCE} if page.name == "simulated_payment" else None)
    yield "POST", who().post(path, body)
    yield "JSON", who().post(path, json.dumps(body), content_type="application/json")
    yield "HTMX", who().get(path, headers={"HX-Request": "true"})


def said(answer: Answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return content.decode(errors="replace") + str(dict(answer.headers)) + answer.cookies.output()


def test_another_and_nobody_learn_and_change_nothing(him: Somebody) -> None:
    found: list[str] = []
    before = own_data(him.patron.pk)
    for page in every_page():
        with transaction.atomic():
            for who in (lambda: browser(ANOTHER), browser):
                for how, answer in answers(page, him, who):
                    found += [f"{page.name} {how}: {what}" for what in told(page, how, answer)]
            after = own_data(him.patron.pk)
            transaction.set_rollback(True)
        changed = {table for table in set(before) | set(after) if after.get(table) != before.get(table)}
        found += [f"{page.name} changed {table}" for table in sorted(changed - MAY_ADD.get(page.name, set()))]
    assert found == []


def told(page: Page, how: str, answer: Answer) -> Iterator[str]:
    """Yield what an answer says of him, or that the page broke down."""
    text = said(answer)
    if answer.status_code >= 500 and page.name != "health":
        yield f"status {answer.status_code}"
    yield from (mark for mark in MARKS if mark in text and not (mark == NAME and "q" in page.parameters))
    if BOOK in text and page.name not in SHOWS_THE_BOOK:
        yield BOOK
    if CARD in text and how in {"GET", "HTMX"}:  # a form says again what was typed into it
        yield CARD


def test_he_himself_finds_it_all(him: Somebody) -> None:
    """The search can find: on his own pages each of these stands."""
    own = ""
    for page in every_page():
        client = browser()
        client.cookies[COOKIE] = sessions.start(him.patron, clock.now(), is_own_device=True)
        own += said(client.get(page.path(him.values)))
    for mark in (*MARKS, BOOK, CARD):
        assert mark in own, mark


def test_he_himself_can_change_it(him: Somebody) -> None:
    """The comparison can see: the same form, posted by himself, changes rows about him at most of his addresses."""
    changed = set()
    for page in every_page():
        if set(page.parameters) & {"loan_id", "hold_id", "list_id", "session_id"} or page.name.startswith("change_"):
            client = browser()
            client.cookies[COOKIE] = sessions.start(him.patron, clock.now(), is_own_device=True)
            before = own_data(him.patron.pk)
            client.post(page.path(him.values), form(him))
            if own_data(him.patron.pk) != before:
                changed.add(page.name)
    assert {"renew_loan", "rename_list", "cancel_hold", "end_session", "change_branch"} <= changed
    assert LIST not in str(own_data(him.patron.pk))
