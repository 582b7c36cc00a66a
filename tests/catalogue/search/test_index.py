"""Writing the index: replacing, removing, popularity, making it anew."""

import io
import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shufang.catalogue.models import SearchDocument, Title
from shufang.catalogue.search import index
from shufang.catalogue.search.query import search
from shufang.catalogue.search.rank import LAST_FACET, LAST_TITLE, MOST_POPULAR, facet_of, rank, title_of
from tests.catalogue.search.small_catalogue import CAST, Shelves, add_titles


def ids(text: str) -> list[int]:
    return [hit.title.id for hit in search(text).hits]


@pytest.fixture
def titles(db: None) -> None:
    add_titles(CAST)
    index.index_titles(CAST)


def index_is_sound() -> bool:
    """Let FTS5 compare its index with the documents; PostgreSQL has them in one row."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO catalogue_searchindex(catalogue_searchindex, rank) VALUES('integrity-check', 1)"
            )
    return True


def test_a_rank_orders_by_popularity_then_id_and_tells_title_and_facets() -> None:
    assert rank(2, 9, 1) < rank(1, 8, 1) < rank(2, 8, 1)
    assert (title_of(rank(12345, 678, 90)), facet_of(rank(12345, 678, 90))) == (12345, 90)
    assert rank(1, MOST_POPULAR, 1) == rank(1, MOST_POPULAR + 1, 1)
    assert 0 < rank(LAST_TITLE, 0, LAST_FACET) < 2**63


@pytest.mark.parametrize(("title_id", "facet_id"), [(0, 1), (LAST_TITLE + 1, 1), (1, 0), (1, LAST_FACET + 1)])
def test_ids_out_of_bounds_cannot_be_ranked(title_id: int, facet_id: int) -> None:
    with pytest.raises(ValueError, match="cannot be ranked"):
        rank(title_id, 0, facet_id)


def test_indexing_a_title_again_replaces_it(titles: None) -> None:
    changed = replace(CAST[0], title="球状闪电", year=2004)
    assert index.index_titles([changed]) == 1
    assert 1 in ids("球状闪电")
    assert 1 not in ids("三体")
    assert SearchDocument.objects.filter(title_id=1).count() == 1
    assert index_is_sound()


def test_indexing_twice_changes_nothing(titles: None) -> None:
    before = list(SearchDocument.objects.order_by("rank").values())
    index.index_titles(CAST)
    assert list(SearchDocument.objects.order_by("rank").values()) == before
    assert index_is_sound()


def test_a_removed_title_is_found_no_more(titles: None) -> None:
    index.remove([1, 4711])
    assert ids("刘慈欣") == [2]
    assert index_is_sound()


def test_a_suppressed_title_leaves_the_index(titles: None) -> None:
    assert index.index_titles([replace(CAST[0], is_suppressed=True)]) == 0
    assert ids("刘慈欣") == [2]


def test_a_deleted_title_leaves_the_index(titles: None) -> None:
    Title.objects.get(id=1).delete()
    assert ids("刘慈欣") == [2]
    assert index_is_sound()


def test_titles_move_with_their_popularity(titles: None) -> None:
    assert ids("刘慈欣") == [1, 2]
    Title.objects.filter(id=2).update(popularity=1000)
    Title.objects.filter(id=9).update(popularity=1)
    assert index.refresh_popularity() == 2
    assert ids("刘慈欣") == [2, 1]
    assert index.refresh_popularity() == 0
    assert index_is_sound()


def test_the_index_is_made_anew_from_the_database(titles: None) -> None:
    shelves = Shelves()
    shelves.put(7, "GMD", call_number="TS972.1/8")
    index.remove([title.id for title in CAST])
    assert ids("中国历史") == []
    assert index.rebuild() == len(CAST) - 1
    assert ids("中国历史") == [3, 4, 5, 7, 8]
    assert ids("TS972") == [7]
    assert ids("密档") == []
    assert index_is_sound()


def test_monstrous_texts_are_indexed_up_to_a_bound(db: None) -> None:
    """Both engines have limits; a damaged record must not stop a load."""
    monster = replace(CAST[2], title="史" * 9000, subjects=("x" * 9000, "国" * 9000), others=("y " * 9000,) * 20)
    add_titles([replace(monster, title="史")])
    assert index.index_titles([monster]) == 1
    assert ids("史史史") == ids("国国") == ids("x" * 9000) == [3]
    assert index_is_sound()


def test_nothing_to_index_is_nothing_done(db: None) -> None:
    assert index.index_titles([]) == 0
    index.remove([])
    assert index.reindex([4711]) == 0
    index.settle()


def test_the_command_prints_a_table(titles: None) -> None:
    Shelves().put(1, "GMD")
    out = io.StringIO()
    call_command("search", "三体", "刘慈欣", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["id", "title", "author", "published", "on", "the", "shelf", "at"]
    assert "三体" in lines[2]
    assert "GMD 1" in lines[2]
    assert lines[-1] == "2 titles"


def test_the_command_prints_json(titles: None) -> None:
    out = io.StringIO()
    call_command("search", "zgls", "--json", "--limit", "2", stdout=out)
    answer = json.loads(out.getvalue())
    assert [row["id"] for row in answer["results"]] == [3, 4]
    assert (answer["count"], answer["is_more"]) == (5, False)


@pytest.mark.parametrize("words", [["  "], ["三体", "--limit", "0"], ["三体", "--offset", "-1"]])
def test_the_command_refuses_what_cannot_be_searched(db: None, words: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("search", *words)


def test_reindex_says_how_many_titles(titles: None) -> None:
    out = io.StringIO()
    call_command("reindex", stdout=out)
    call_command("reindex", "1", "2", stdout=out)
    call_command("reindex", "--popularity", stdout=out)
    assert out.getvalue().splitlines() == [
        "9 titles are in the index.",
        "2 titles are in the index.",
        "0 titles moved.",
    ]
    with pytest.raises(CommandError):
        call_command("reindex", "1", "--popularity")
