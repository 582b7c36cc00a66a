"""My history: off by default, kept at a word, erased line by line or whole, taken along."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.test import Client

from shufang.catalogue.models import Title
from shufang.circulation.models import History
from shufang.patrons.models import Patron
from tests.web.lending.books import ME, OTHER, give_back, lend, patron_id, said, title_id, words

AsReader = Callable[[str], Client]
BOOKS = ("DX00000001", "DX00000002", "DX00000003")


def keeps(card: str) -> bool:
    return bool(Patron.objects.get(cards__number=card).keeps_history)


@pytest.fixture
def history(reader: Client) -> Client:
    """Return the browser of a reader who keeps a history of three books."""
    for barcode in BOOKS:
        lend(ME, barcode)
        give_back(barcode)
    assert History.objects.filter(patron_id=patron_id(ME)).count() == 3
    return reader


def test_nothing_is_kept_until_one_says_so(as_reader: AsReader) -> None:
    client = as_reader(OTHER)
    assert "What you read is not kept" in words(client.get("/me/history/"))
    give_back("DX00000201")
    assert not History.objects.exists()
    assert "What you return from now on is kept for you" in said(client, "/me/history/keep/")
    lend(OTHER, "DX00000001")
    give_back("DX00000001")
    assert Title.objects.get(pk=title_id("DX00000001")).title in words(client.get("/me/history/"))


def test_switching_off_asks_and_erases(history: Client) -> None:
    page = history.get("/me/history/stop/")
    assert "3 books stand in your history. Shall they be erased too?" in words(page)
    assert keeps(ME)
    assert "what was is erased" in said(history, "/me/history/stop/", erase="yes")
    assert not History.objects.exists()
    assert not keeps(ME)


def test_switching_off_may_leave_what_is_there(history: Client) -> None:
    assert "what is there stays until you erase it" in said(history, "/me/history/stop/", erase="no")
    assert History.objects.count() == 3
    assert not keeps(ME)
    assert "2 lines are erased" in said(
        history, "/me/history/erase/", line=[line.pk for line in History.objects.order_by("id")[:2]]
    )
    assert not keeps(ME)


def test_one_line_many_and_all(history: Client) -> None:
    first = History.objects.order_by("id").first()
    assert first is not None
    assert "1 line is erased" in said(history, "/me/history/erase/", line=first.pk)
    assert "No line was chosen" in said(history, "/me/history/erase/")
    assert "No line was chosen" in said(history, "/me/history/erase/", line="x")
    assert "0 lines are erased" in said(history, "/me/history/erase/", line=str(10**30))
    assert "2 lines are erased" in said(history, "/me/history/erase/", all="1")
    assert keeps(ME)


def test_nobody_erases_or_reads_the_lines_of_others(history: Client, as_reader: AsReader) -> None:
    other = as_reader(OTHER)
    lines = [line.pk for line in History.objects.all()]
    assert "0 lines are erased" in said(other, "/me/history/erase/", line=lines)
    assert History.objects.count() == 3
    assert json.loads(other.get("/me/history.json").content) == {"history": []}


def test_the_table_and_the_file_for_machines(history: Client) -> None:
    Title.objects.filter(pk=title_id(BOOKS[0])).update(title="=SUM(A1)")
    answer = history.get("/me/history.csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="history-')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["title"] == "'=SUM(A1)"
    assert len(rows) == 3
    told = json.loads(history.get("/me/history.json").content)["history"]
    assert told[0]["title"] == "=SUM(A1)"
    assert set(told[0]) == {"title", "author", "publisher", "year", "borrowed_on", "returned_on"}
    assert "no-store" in answer["Cache-Control"]


def test_pages_of_fifty(history: Client) -> None:
    line = History.objects.first()
    assert line is not None
    History.objects.bulk_create(
        History(
            patron_id=line.patron_id, title_id=line.title_id, borrowed_at=line.borrowed_at, returned_at=line.returned_at
        )
        for _ in range(60)
    )
    first, second = history.get("/me/history/"), history.get("/me/history/?page=2")
    assert first.content.decode().count('name="line"') == 50
    assert second.content.decode().count('name="line"') == 13
    assert history.get("/me/history/?page=x").status_code == 200
