"""Hanzi are read by phrase; letters are split every valid way."""

import pytest

from shufang.catalogue.search import pinyin
from shufang.catalogue.search.folding import fold


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("中华书局", "zhong hua shu ju"),
        ("重庆", "chong qing"),
        ("重慶", "chong qing"),
        ("重量", "zhong liang"),
        ("音乐会", "yin yue hui"),
        ("會計", "kuai ji"),
        ("中国银行行长", "zhong guo yin hang hang zhang"),
        ("女儿", "nu er"),
        ("乾隆", "qian long"),
    ],
)
def test_a_run_is_read_by_its_longest_phrases(text: str, said: str) -> None:
    assert " ".join(pinyin.read(fold(text), text)) == said


def test_a_character_without_reading_is_unknown() -> None:
    assert pinyin.read("中の", "中の") == ("zhong", pinyin.UNKNOWN)


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("xian", {"xian", "xi an"}),
        ("xi'an", {"xi an"}),
        ("fangan", {"fang an", "fan gan"}),
        ("lü", {"lu"}),
        ("lv", {"lu"}),
        ("nvren", {"nu ren"}),
        ("zhsj", set()),
        ("history", set()),
        ("", set()),
    ],
)
def test_letters_split_every_valid_way(word: str, ways: set[str]) -> None:
    assert {" ".join(way) for way in pinyin.splits(word)} == ways


def test_the_number_of_ways_to_split_is_bounded() -> None:
    assert len(pinyin.splits("xian" * 12)) == pinyin.MOST_SPLITS


@pytest.mark.parametrize(
    ("letters", "possible"), [("zhsj", True), ("zg", True), ("z", False), ("ui", False), ("abu", False)]
)
def test_initials_are_letters_that_begin_a_syllable(letters: str, possible: bool) -> None:
    assert pinyin.may_be_initials(letters) is possible


def test_a_polyphone_has_its_further_readings_behind_the_likeliest() -> None:
    assert pinyin.all_readings("乐")[:2] == ("le", "yue")
    assert pinyin.all_readings("の") == ()
