"""Searching a small catalogue: what is found, in which order, with which facets."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from shufang.catalogue.search.index import index_titles
from shufang.catalogue.search.query import search
from shufang.catalogue.search.results import Chosen, FacetValue, Place
from shufang.catalogue.search.suggest import suggest
from tests.catalogue.search.small_catalogue import CAST, Shelves, add_titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelves() -> Shelves:
    add_titles(CAST)
    index_titles(CAST)
    shelves = Shelves()
    for title_id, branch, status in (
        (3, "GMD", "available"),
        (3, "GMD", "on_loan"),
        (4, "HC", "available"),
        (5, "GMD", "on_loan"),
        (8, "GMD", "available"),
        (8, "HC", "available"),
        (8, "HC", "withdrawn"),
    ):
        shelves.put(title_id, branch, status)
    return shelves


def ids(text: str, chosen: Chosen | None = None) -> list[int]:
    return [hit.title.id for hit in search(text, facets=chosen).hits]


@pytest.mark.parametrize(
    "text", ["中国历史", "中國歷史", "zhongguolishi", "Zhongguo li shi", "zhōngguó lìshǐ", "zgls", '"中国 历史"']
)
def test_every_script_finds_the_same_in_the_same_order(text: str) -> None:
    """Exact title, title begins, title contains, author, rest; the rest is the most popular of all."""
    assert ids(text) == [3, 4, 5, 7, 8]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三体 刘慈欣", [1, 2]),
        ("三体刘慈欣", [1, 2]),
        ("三體劉慈欣", [1, 2]),
        ("santi liucixin", [1, 2]),
        ("黑暗森林", [2]),
        ("暗森", [2]),
        ("森", [2]),
        ("三", [1, 2, 8]),
        ("chongqing", [7, 1, 2]),
        ("zhongqing", [7]),
        ("cqcbs", [1, 7, 2]),
        ("nüren", [9]),
        ("nvren", [9]),
        ("nu ren", [9]),
        ("china", [6]),
        ("history china", [6]),
        ('"history of china"', [6]),
        ('"china history of"', []),
        ("china keay", [6]),
        ("histor", []),
        ("7-5366-9293-5", [1]),
        ("7536692935", [1]),
        ("978-7-5366-9293-0", [1]),
        ("ISBN 9787536692930", [1]),
        ("1000-1234", [9]),
        ("K20", [3]),
        ("k20/1", [3]),
        ("DS735", [6]),
        ("DS735 .K43", [6]),
        ("密档", []),
        ("龘", []),
        ("三体 龘", []),
        ("，", []),
    ],
)
def test_words_find_titles(text: str, expected: list[int]) -> None:
    assert set(ids(text)) == set(expected)


def test_a_blank_text_gives_all_by_popularity_then_id() -> None:
    assert ids("") == [8, 1, 2, 7, 5, 4, 3, 6, 9]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Chosen(year=1999), [3, 4]),
        (Chosen(main_class="T"), [7, 8]),
        (Chosen(language="eng"), []),
        (Chosen(branch="GMD"), [3, 8]),
        (Chosen(branch="HC", year=1999), [4]),
        (Chosen(branch="nowhere"), []),
        (Chosen(material="periodical"), []),
    ],
)
def test_facets_narrow_the_hits(chosen: Chosen, expected: list[int]) -> None:
    assert ids("中国历史", chosen) == expected


def test_facets_alone_are_a_search() -> None:
    assert ids("", Chosen(material="periodical")) == [9]


def test_facets_count_the_hits() -> None:
    facets = search("中国历史", limit=1).facets
    assert facets.branch == (
        FacetValue("GMD", 2, "高米店书房", "Gaomidian"),
        FacetValue("HC", 2, "黄村书房", "Huangcun"),
    )
    assert facets.language == (FacetValue("chi", 5),)
    assert facets.year == (FacetValue("2010", 2), FacetValue("2001", 1), FacetValue("1999", 2))
    assert [(value.value, value.count) for value in facets.main_class] == [("K", 3), ("T", 2)]
    assert all(value.name and value.name_en for value in facets.main_class)
    assert facets.material == (FacetValue("book", 5),)


def test_a_page_tells_where_copies_are() -> None:
    found = {hit.title.id: hit.places for hit in search("中国历史").hits}
    assert found[3] == (Place("GMD", "高米店书房", "Gaomidian", copies=2, on_shelf=1),)
    assert found[5] == (Place("GMD", "高米店书房", "Gaomidian", copies=1, on_shelf=0),)
    assert [(place.branch, place.copies) for place in found[8]] == [("GMD", 1), ("HC", 1)]
    assert found[7] == ()


def test_pages_follow_each_other() -> None:
    pages = [search("中国历史", limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [[hit.title.id for hit in page.hits] for page in pages] == [[3, 4], [5, 7], [8], []]
    assert {(page.count, page.is_more) for page in pages} == {(5, False)}


def test_a_page_costs_the_same_however_many_hits_it_has(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with CaptureQueriesContext(connection) as many:
        search("zhongguolishi")
    with CaptureQueriesContext(connection) as one:
        search("吃的艺术")
    assert len(many) >= len(one)
    with django_assert_max_num_queries(12):
        search("zhongguolishi")
    with django_assert_max_num_queries(1):
        search("，")


def test_ways_to_say_a_word_that_nothing_begins_like_are_not_looked_for() -> None:
    """Zhong gu o li shi: nothing has the initials zgol."""
    with CaptureQueriesContext(connection) as queries:
        assert search("zhongguolishi").count == 5
    said = [query["sql"] for query in queries]
    assert sum("=zgol" in sql for sql in said) == 1
    assert not any("~gu ~o" in sql or "~gu~o" in sql for sql in said)


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (201, 0), (20, -1)])
def test_an_impossible_page_is_refused(limit: int, offset: int) -> None:
    with pytest.raises(ValueError, match="cannot be searched"):
        search("中国", limit=limit, offset=offset)


@pytest.mark.parametrize(
    "text", ['"', '""', "'", "* OR NOT", 'a" OR "b', "(", "中国)", "%all", "^中国", "\\", "&|!:*", "\0"]
)
def test_signs_of_the_engines_are_only_signs(text: str) -> None:
    assert search(text).count <= len(CAST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三", ["三體II : 黑暗森林", "三体"]),
        ("中国", ["中國歷史地理", "中国历史", "中国历史学会"]),
        ("zhonggu", ["中國歷史地理", "中国历史", "中国历史学会"]),
        ("zgl", ["中國歷史地理", "中国历史", "中国历史学会"]),
        ("劉", ["刘慈欣"]),
        ("liucix", ["刘慈欣"]),
        ("histo", ["History of China"]),
        ("l", []),
        ("", []),
        ("密", []),
    ],
)
def test_suggestions_begin_with_what_is_typed(text: str, expected: list[str]) -> None:
    assert sorted(suggestion.text for suggestion in suggest(text)) == sorted(expected)
