"""A fixed suite of queries over 8,030 real records: each script finds the same, each engine what a plain reading finds."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from shufang.catalogue.search import popular
from shufang.catalogue.search.document import document
from shufang.catalogue.search.folding import fold
from shufang.catalogue.search.index import BATCH, index_titles
from shufang.catalogue.search.query import MOST_HITS, search
from shufang.catalogue.search.results import CONSIDERED, Chosen
from tests.catalogue.search.real_records import Entry, expected, read
from tests.catalogue.search.small_catalogue import add_titles

pytestmark = pytest.mark.django_db

ALIKE = [
    ("中华书局", "中華書局", "zhonghua shuju", "Zhōnghuá Shūjú", '"zhong hua shu ju"'),
    ("敦煌学", "敦煌學", "dunhuangxue", "dunhuang xue"),
    ("红楼梦", "紅樓夢", "hongloumeng", "hong lou meng"),
    ("台湾文学", "臺灣文學", "taiwan wenxue", "taiwanwenxue"),
    ("鲁迅论争", "魯迅論爭", "luxunlunzheng"),
    ("北京图书馆", "北京圖書館", "beijing tushuguan"),
    ("艺术", "藝術"),
    ("研究", "硏究"),
    ("计划", "計劃", "計畫"),
    ("国", "國", "囯"),
]
INITIALS = [("中华书局", "zhsj"), ("中国", "zg"), ("敦煌学", "dhx"), ("中国历史", "zgls"), ("北京图书馆", "bjtsg")]
QUERIES = [
    *(text for row in ALIKE for text in row),
    *(letters for _, letters in INITIALS),
    "书", "史", "中国", "中国 历史", "历史 中国", "史记", "论语", "三国演义", "社会主义 市场经济", "经济", "鲁迅 小说", "香港 1997",
    "毛泽东 思想", "唐诗", "唐詩三百首", "王", "李白 诗", "重庆", "chongqing", "zhongqing", "长江", "changjiang", "音乐", "yinyue",
    "xian", "xi'an", "lüshi", "lvshi", "nü", "zhongguo lishi", "history", "chinese literature", "china history",
    '"history and criticism"', "zgr", "zgrmdx", "shehui zhuyi", "1999", "97875", "9787101", "DS779", "DS779.26", "PL2922 .S5",
    "C", "WTO", "kexue jishu", "出版社", "上海人民出版社", "人民 出版社 上海", "儿童", "兒童", "後漢書", "后汉书", "龘龘", "zzzzzz", "-",
]  # fmt: skip


@pytest.fixture(scope="module")
def entries(shared_data: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Entry]]:
    """Index all records in a transaction that is undone at the end; PostgreSQL has some of them in its popular index."""
    titles = list(read(shared_data))
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        for start in range(0, len(titles), 10 * BATCH):
            add_titles(titles[start : start + 10 * BATCH])
            index_titles(titles[start : start + 10 * BATCH])
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            patch.setattr(popular, "POPULAR", 1500)
            assert popular.renew()
        yield [Entry.of(title, document(title)) for title in titles]
        transaction.set_rollback(True)


def found(text: str, chosen: Chosen | None = None) -> list[int]:
    """Return the ids of the first hits, page by page."""
    pages = (search(text, facets=chosen, limit=MOST_HITS, offset=at, with_facets=False) for at in (0, MOST_HITS))
    return [hit.title.id for page in pages for hit in page.hits]


@pytest.mark.parametrize("text", QUERIES)
def test_the_index_finds_what_a_plain_reading_finds(entries: list[Entry], text: str) -> None:
    wanted = expected(entries, text)
    assert found(text) == wanted[: 2 * MOST_HITS]
    assert search(text, limit=1, with_facets=False).count == len(wanted)


def test_of_very_many_hits_the_most_popular_are_considered(entries: list[Entry]) -> None:
    results = search("出版社", limit=1)
    assert (results.count, results.is_more) == (CONSIDERED, True)
    assert sum(value.count for value in results.facets.language) == CONSIDERED


@pytest.mark.parametrize("chosen", [Chosen(year=1998), Chosen(language="eng"), Chosen(language="chi", year=1999)])
@pytest.mark.parametrize("text", ["中国", "zg", "书", "shehui zhuyi", "history"])
def test_facets_narrow_as_a_plain_reading_does(entries: list[Entry], text: str, chosen: Chosen) -> None:
    assert found(text, chosen) == expected(entries, text, chosen)[: 2 * MOST_HITS]


# Scenario 28
@pytest.mark.parametrize("row", ALIKE, ids=lambda row: row[0])
def test_every_script_finds_the_same_in_the_same_order(entries: list[Entry], row: tuple[str, ...]) -> None:
    first = found(row[0])
    assert first
    for text in row[1:]:
        assert found(text) == first, text


@pytest.mark.parametrize(("text", "letters"), INITIALS)
def test_initials_find_all_of_it_in_the_same_order_among_others(entries: list[Entry], text: str, letters: str) -> None:
    hanzi = set(expected(entries, text))
    assert hanzi
    by_letters = expected(entries, letters)
    assert hanzi <= set(by_letters)
    tier_of_all = [number for number in by_letters if number in hanzi]
    assert found(letters) == by_letters[: 2 * MOST_HITS]
    assert set(tier_of_all) == hanzi


@pytest.mark.parametrize(
    "text",
    ["中国", "国历", "書", "红楼梦", "楼梦", "社会主义", "会主", "硏究", "敎育", "長江", "人民共和", "的", "经济学"],
)
def test_every_substring_of_hanzi_is_found(entries: list[Entry], text: str) -> None:
    wanted = fold(text)
    holding = [entry.title.id for entry in entries if any(wanted in fold(part) for part in _texts(entry))]
    assert search(text, limit=1, with_facets=False).count == len(holding)
    assert set(found(text)) <= set(holding)


def test_hardly_a_record_keeps_a_character_outside_of_gb_2312(entries: list[Entry]) -> None:
    """After plain conversion to simplified script 1,450 of the records do."""
    outside = [entry for entry in entries if _has_rare_character("".join(_texts(entry)))]
    assert len(outside) < 150


def _texts(entry: Entry) -> list[str]:
    title = entry.title
    who = title.responsibility
    if title.author and who.startswith(title.author.strip(" .,")) and len(who) <= len(title.author) + 2:
        who = ""
    return [title.title, title.author, who, *title.series, *title.subjects, *title.publishers]


def _has_rare_character(text: str) -> bool:
    for sign in set(re.findall("[\u4e00-\u9fff]", fold(text))):
        try:
            sign.encode("gb2312")
        except UnicodeEncodeError:
            return True
    return False
