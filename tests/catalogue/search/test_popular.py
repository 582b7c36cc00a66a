"""PostgreSQL's index of the most popular titles: when it is made, that it is used, that no answer depends on it."""

from dataclasses import replace

import pytest
from django.db import connection

from shufang.catalogue.models import Title
from shufang.catalogue.search import index, popular
from shufang.catalogue.search.query import search
from tests.catalogue.search.small_catalogue import CAST, add_titles

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
TITLES = tuple(replace(CAST[2], id=number, popularity=number % 7) for number in range(1, 41))


@pytest.fixture(autouse=True)
def titles(monkeypatch: pytest.MonkeyPatch) -> None:
    add_titles(TITLES)
    index.index_titles(TITLES)
    monkeypatch.setattr(popular, "POPULAR", 10)
    sql("SET CONSTRAINTS ALL IMMEDIATE")


def sql(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def end() -> object:
    return sql("SELECT obj_description(to_regclass('catalogue_searchdocument_popular'), 'pg_class')::bigint")[0][0]


def in_it() -> object:
    return sql(f"SELECT count(*) FROM catalogue_searchdocument WHERE rank <= {end()}")[0][0]


def ids(text: str) -> list[int]:
    return [hit.title.id for hit in search(text, limit=200).hits]


def test_it_is_made_once_and_ends_where_it_should() -> None:
    assert end() is None
    assert popular.renew()
    assert in_it() == popular.POPULAR
    assert not popular.renew()


@pytest.mark.parametrize("text", ["中国历史", "历史", "zgls", "zhongguo lishi", '"中国 历史"', "中国 吕思勉"])
def test_answers_are_the_same_with_it(text: str) -> None:
    before = ids(text)
    assert len(before) == len(TITLES)
    popular.renew()
    assert ids(text) == before
    assert [hit.title.id for hit in search(text, limit=3, offset=8).hits] == before[8:11]


def test_the_planner_takes_it_for_the_first_hits() -> None:
    popular.renew()
    sql("SET LOCAL enable_seqscan = off")
    sql("SET LOCAL enable_indexscan = off")
    plan = sql(
        "EXPLAIN SELECT rank FROM catalogue_searchdocument WHERE vector @@ '''中国''' "
        f"AND rank + 0 <= {2**62} AND rank + 0 <= {end()}"
    )
    assert "Bitmap Index Scan on catalogue_searchdocument_popular" in str(plan)


def test_it_is_made_anew_when_popularity_has_moved_its_end() -> None:
    popular.renew()
    before = end()
    Title.objects.filter(id__lte=20).update(popularity=100)
    assert index.refresh_popularity() == 20
    assert end() != before
    assert in_it() == popular.POPULAR
    assert ids("中国历史")[:20] == list(range(1, 21))


def test_a_small_change_leaves_it() -> None:
    popular.renew()
    before = end()
    Title.objects.filter(id__in=[1, 2, 3]).update(popularity=100)
    index.refresh_popularity()
    assert end() == before
    assert ids("中国历史")[:3] == [1, 2, 3]


def test_a_small_catalogue_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    popular.renew()
    monkeypatch.setattr(popular, "POPULAR", 21)
    assert popular.renew()
    assert end() is None
    assert not popular.renew()
    assert len(ids("中国历史")) == len(TITLES)
