"""The title's page and results for a reader: near places first, other editions, words that lead on; scanning."""

import re
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import unquote_plus

import pytest
from django.test import Client

from shufang.branches.models import Branch
from shufang.catalogue.models import Item, Title, TitleIdentifier
from shufang.catalogue.search.editions import other_editions
from shufang.catalogue.search.index import reindex
from shufang.catalogue.search.query import search
from shufang.kernel import clock
from shufang.patrons.models import Patron
from shufang.web.nearby import distances
from shufang.web.reader.title import exact
from shufang.web.whereabouts import all_branches
from tests.web.lending.books import ME, patron_id, title_id, words

AsReader = Callable[[str], Client]


def another(copy_of: int, **changed: object) -> Title:
    """Return another title with the texts of one, in the index."""
    title = Title.objects.get(pk=copy_of)
    title.pk, title.control_number = None, f"again-{Title.objects.count()}"
    for name, value in changed.items():
        setattr(title, name, value)
    title.save()
    reindex([title.pk])
    return title


def copy_at(title: int, barcode: str, code: str) -> Item:
    branch = Branch.objects.get(code=code)
    item = Item.objects.filter(barcode="DX00000001").get()
    item.pk, item.barcode, item.title_id = None, barcode, title
    item.home_branch = item.current_branch = branch
    item.status_since = item.created_at = clock.now()
    item.save()
    return item


def test_the_home_branch_is_named_first(reader: Client) -> None:
    book = title_id("DX00000001")
    copy_at(book, "N1", "YZ")
    assert "Gaomidian now" in words(reader.get(f"/titles/{book}/"))
    Patron.objects.filter(pk=patron_id(ME)).update(home_branch=Branch.objects.get(code="YZ"))
    assert "Yizhuang now" in words(reader.get(f"/titles/{book}/"))
    found = words(reader.get("/search/", {"q": f'"{Title.objects.get(pk=book).title}"'}))
    assert found.index("Yizhuang") < found.index("Gaomidian") or "Yizhuang" in found.split("copies")[0]


def test_then_what_lies_near_it(cast: None) -> None:
    for code, north, east in (("GMD", 39.75, 116.33), ("YZ", 39.80, 116.50), ("HC", 39.73, 116.34)):
        Branch.objects.filter(code=code).update(latitude=Decimal(str(north)), longitude=Decimal(str(east)))
    branches = all_branches()
    ids = {branch.code: pk for pk, branch in branches.items()}
    away = distances(branches, ids["GMD"])
    assert away[ids["GMD"]] == 0
    assert 1 < away[ids["HC"]] < 5 < away[ids["YZ"]] < 25 < away[ids["DX"]]
    assert len(set(distances(branches, None).values())) == 1
    assert distances(branches, ids["DX"])[ids["GMD"]] > 1000


def test_other_editions_are_those_of_the_same_title_and_author(cast: None) -> None:
    book = title_id("DX00000001")
    newer = another(book, year=2020, publisher="别的出版社")
    other_author = another(book, author="另一个人")
    hidden = another(book, is_suppressed=True)
    original = Title.objects.select_related("search_document").get(pk=book)
    assert [found.pk for found in other_editions(original)] == [newer.pk]
    assert other_author.pk != hidden.pk
    page = Client(headers={"Accept-Language": "en"}).get(f"/titles/{book}/")
    assert "Other editions" in words(page)
    assert f"/titles/{newer.pk}/" in page.content.decode()
    assert "No copy in the network now" in words(page)


def test_a_traditional_edition_is_another_edition_of_a_simplified_one(cast: None) -> None:
    book = another(title_id("DX00000001"), title="书剑恩仇录", author="金庸")
    old = another(title_id("DX00000001"), title="書劍恩仇錄", author="金庸")
    found = Title.objects.select_related("search_document").get(pk=book.pk)
    assert [other.pk for other in other_editions(found)] == [old.pk]


def test_long_titles_are_compared_whole(cast: None) -> None:
    start = "中" * 45
    one = another(title_id("DX00000001"), title=start + "一", author="金庸")
    another(title_id("DX00000001"), title=start + "二", author="金庸")
    same = another(title_id("DX00000001"), title=start + "一", author="金庸")
    found = Title.objects.select_related("search_document").get(pk=one.pk)
    assert [other.pk for other in other_editions(found)] == [same.pk]


def test_without_an_author_or_an_index_there_are_none(cast: None) -> None:
    nobody = another(title_id("DX00000001"), author="")
    another(title_id("DX00000001"), author="")
    assert other_editions(Title.objects.select_related("search_document").get(pk=nobody.pk)) == []
    unknown = Title.objects.create(
        source="t", control_number="1", title="x", created_at=clock.now(), updated_at=clock.now()
    )
    assert other_editions(unknown) == []


def test_author_and_subjects_lead_to_books_that_have_them(cast: None) -> None:
    """Every author and subject of the cast's books finds the book it stands on, among the first hundred."""
    for title in Title.objects.exclude(search_document=None)[:60]:
        for text in [title.author, *title.subjects]:
            if not re.search(r"\w", text):
                continue
            query = unquote_plus(exact(text).address.removeprefix("q="))
            hits = search(query, limit=100, with_facets=False).hits
            assert title.pk in {hit.title.pk for hit in hits}, (title, text)


def test_a_quote_in_a_subject_does_no_harm() -> None:
    assert exact('say "yes"').address == "q=%22say++yes+%22"


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("liu ci xin", "刘慈欣"),
        ("lcx", "刘慈欣"),
        ("刘慈", "刘慈欣"),
        ("劉慈", "刘慈欣"),
        ("santi", "三体"),
        ("st", "三体"),
        ("三体", "三体"),
    ],
)
def test_suggestions_by_title_author_pinyin_and_initials(cast: None, typed: str, suggested: str) -> None:
    another(
        title_id("DX00000001"), title="三体", author="刘慈欣", title_romanised="", author_romanised="", popularity=99999
    )
    page = Client().get("/search/suggestions/", {"q": typed}).content.decode()
    assert f">{suggested}</a>" in page


@pytest.mark.parametrize("code", ["DX00000001", "dx00000001", " DX00000001 "])
def test_a_copys_number_leads_to_its_book(cast: None, code: str) -> None:
    answer = Client().get("/scan/found/", {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, f"/titles/{title_id('DX00000001')}/")


def test_an_isbn_leads_to_its_book_or_to_all_that_have_it(cast: None) -> None:
    book, other = title_id("DX00000001"), title_id("DX00000002")
    TitleIdentifier.objects.create(title_id=book, kind="isbn", value="9787536692930")
    for code in ("9787536692930", "978-7-5366-9293-0", "7536692935"):
        assert Client().get("/scan/found/", {"code": code})["Location"] == f"/titles/{book}/"
    TitleIdentifier.objects.create(title_id=other, kind="isbn", value="9787536692930")
    assert Client().get("/scan/found/", {"code": "7536692935"})["Location"] == "/search/?q=9787536692930"
    Title.objects.filter(pk=other).update(is_suppressed=True)
    assert Client().get("/scan/found/", {"code": "7536692935"})["Location"] == f"/titles/{book}/"


@pytest.mark.parametrize("code", ["9787536692931", "nothing", "\x00", "三体", "x" * 500])
def test_a_number_that_nothing_has_says_so(cast: None, code: str) -> None:
    answer = Client(headers={"Accept-Language": "en"}).get("/scan/found/", {"code": code})
    assert answer.status_code == (200 if code == "\x00" else 404)
    assert "Which book is this?" in words(answer)


def test_a_copy_of_a_book_kept_from_readers_leads_nowhere(cast: None) -> None:
    Title.objects.filter(pk=title_id("DX00000001")).update(is_suppressed=True)
    assert Client().get("/scan/found/", {"code": "DX00000001"}).status_code == 404


def test_only_the_scanner_may_use_the_camera(cast: None) -> None:
    assert Client().get("/scan/")["Permissions-Policy"] == "camera=(self)"
    assert "camera=()" in Client().get("/")["Permissions-Policy"]
