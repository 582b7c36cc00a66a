"""What somebody types becomes words, each with the ways it may be found."""

import pytest

from shufang.catalogue.search.phrases import Phrase, Way
from shufang.catalogue.search.query_parser import LONGEST_QUERY, MOST_WORDS, parse


def shown(phrase: Phrase) -> str:
    return " ".join(phrase.tokens) + ("*" if phrase.is_open else "")


def way_shown(way: Way) -> str:
    return " & ".join(map(shown, way))


def words(text: str) -> list[list[str]]:
    return [[way_shown(way) for way in word.ways] for word in parse(text).words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("中华书局", [["中华 华书 书局"]]),
        ("中華書局", [["中华 华书 书局"]]),
        ("书", [["书"]]),
        ("三体 刘慈欣", [["三体"], ["刘慈 慈欣"]]),
        ("三体·刘慈欣", [["三体"], ["刘慈 慈欣"]]),
        ("《三体》，刘慈欣", [["三体"], ["刘慈 慈欣"]]),
        ("“中华 书局”", [["中华 华书 书局"]]),
        ('"history of china"', [["history of china"]]),
        ('"zhonghua shuju"', [["zhonghua shuju", "~zhong ~hua ~shu ~ju", "~zhong ~hu ~a ~shu ~ju"]]),
        ("zhsj", [["zhsj", "=zhsj"]]),
        ("zhshj", [["zhshj", "=zhsh =hshj"]]),
        ("zgs", [["zgs", "=zgs*"]]),
        ("xian", [["~xian", "~xi ~an", "xian"]]),
        ("xi'an", [["~xi ~an", "xi an"]]),
        ("lv", [["~lu", "lv"]]),
        ("C语言程序", [["c 语言 言程 程序"]]),
        ("C书", [["c 书*"]]),
        ("c++", [["c++"]]),
        ("978-7-101-00304-8", [["978 7 101 00304 8", "9787101003048"]]),
        ("ISBN 7-101-00304-4", [["7 101 00304 4", "9787101003048"]]),
        ("7101003044", [["7101003044", "9787101003048"]]),
        ("I247.5", [["@i247.5*", "i247 5"]]),
        ("PL2922 .S5", [["@pl2922.s5*", "pl2922 & s5"]]),
        ("，。", []),
        ("", []),
    ],
)
def test_text_becomes_words(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


def test_neighbouring_words_of_pinyin_are_read_together_first() -> None:
    (word,) = parse("zhonghua shuju").words
    assert way_shown(word.ways[0]) == "~zhong ~hua ~shu ~ju"
    assert way_shown(word.ways[-1]) == "zhonghua & shuju"
    assert [way_shown(part.ways[0]) for part in word.apart] == ["~zhong ~hua", "~shu ~ju"]


@pytest.mark.parametrize(
    ("text", "begins", "is_title"),
    [
        ("中国", "^中国", "^中国 中国 国 国$"),
        ("中国史", "^中国 中国 国史", "^中国 中国 国史 史 史$"),
        ("书", "^书*", "^书 书 书$"),
        ("history of china", "^history history of china", "^history history of china china$"),
    ],
)
def test_the_whole_query_may_begin_or_be_a_title(text: str, begins: str, is_title: str) -> None:
    query = parse(text)
    assert (way_shown(query.begins[0]), way_shown(query.is_title[0])) == (begins, is_title)


@pytest.mark.parametrize(
    ("text", "begins", "is_title"),
    [
        ("zhongguo", "^~zhong ~zhong ~guo", "^~zhong ~zhong ~guo ~guo$"),
        ("zg", "^=zg*", "^=zg =zg =g =g$"),
        ("zhsj", "^=zhsj", "^=zhsj =zhsj =hsj =sj =j =j$"),
        ("zhshj", "^=zhsh =zhsh =hshj", "^=zhsh =zhsh =hshj =shj =hj =j =j$"),
    ],
)
def test_pinyin_and_initials_may_begin_or_be_a_title(text: str, begins: str, is_title: str) -> None:
    query = parse(text)
    assert begins in map(way_shown, query.begins)
    assert is_title in map(way_shown, query.is_title)


def test_a_query_is_read_up_to_a_bound() -> None:
    assert len(parse("中 国 " * 200).words) == MOST_WORDS
    assert parse("x" * LONGEST_QUERY + "y").words == parse("x" * LONGEST_QUERY).words
    assert len(parse("xian " * 60).words[0].ways) <= 25
