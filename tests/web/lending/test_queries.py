"""How many queries the pages cost that are opened most: at most twelve, also when what is kept for seconds has run out."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shufang.kernel import clock
from shufang.lists.entries import want
from tests.web.lending.books import FULL, lend, patron_id, reserve, title_id

AsReader = Callable[[str], Client]
MOST = 12


def queries(client: Client, path: str) -> list[str]:
    """Return what a page asks, opened a second time by this process, with nothing of what it keeps for seconds."""
    client.get(path)
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in caught]


@pytest.mark.parametrize("path", ["/", "/search/?q=zhongguo", "/search/", "title", "/me/loans/"])
@pytest.mark.parametrize("card", ["", FULL, "D0000008"])
def test_at_most_twelve(as_reader: AsReader, path: str, card: str) -> None:
    if path == "/me/loans/" and not card:
        return
    book = title_id("DX00000211")
    reserve("D0000001", "DX00000211")
    lend("D0000002", "DX00000001")
    want(patron_id(FULL), book, clock.now())
    client = as_reader(card) if card else Client()
    found = queries(client, f"/titles/{book}/" if path == "title" else path)
    assert len(found) <= MOST, "\n".join(found)


def test_more_books_out_cost_no_more_queries(as_reader: AsReader) -> None:
    assert len(queries(as_reader(FULL), "/me/loans/")) == len(queries(as_reader("D0000002"), "/me/loans/"))
