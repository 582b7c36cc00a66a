"""What texts become in the index."""

import pytest

from shufang.catalogue.search import romanised, tokens
from shufang.catalogue.search.document import document, facet_token, suggestion_keys
from shufang.catalogue.search.indexable import IndexableTitle
from shufang.catalogue.search.postgresql import tsvector


@pytest.mark.parametrize(
    ("text", "words", "syllables", "initials"),
    [
        ("中華書局", "中华 华书 书局 局", "~zhong ~hua ~shu ~ju", "=zhsj =hsj =sj =j"),
        ("人", "人", "~ren", "=r"),
        (
            "C语言程序设计",
            "c 语言 言程 程序 序设 设计 计",
            "c ~yu ~yan ~cheng ~xu ~she ~ji",
            "c =yycx =ycxs =cxsj =xsj =sj =j",
        ),
        (
            "三体·死神永生",
            "三体 体 死神 神永 永生 生",
            "~san ~ti ¦ ~si ~shen ~yong ~sheng",
            "=st =t ¦ =ssys =sys =ys =s",
        ),
        ("History of China, 2nd ed.", "history of china 2nd ed", "history of china 2nd ed", "history of china 2nd ed"),
        ("C++ und C#", "c++ und c#", "c++ und c#", "c++ und c#"),
        ("中の国", "中の の国 国", "~zhong ¦ ~guo", "=z =g"),
        ("—— …", "", "", ""),
    ],
)
def test_text_becomes_tokens(text: str, words: str, syllables: str, initials: str) -> None:
    rendered = tokens.render(tokens.runs(text))
    assert (rendered.words, rendered.syllables, rendered.initials) == (words, syllables, initials)


def test_one_run_is_rendered_like_a_run_among_others() -> None:
    alone = tokens.render(tokens.runs("中国历史"))
    among = tokens.render((*tokens.runs("中国历史"), tokens.Run("x")))
    assert among.words == f"{alone.words} x"
    assert among.initials == f"{alone.initials} x"
    assert (among.signs, among.letters) == (alone.signs, alone.letters)


@pytest.mark.parametrize(
    ("number", "token"),
    [
        ("7-101-00304-4", "9787101003048"),
        ("7101003044", "9787101003048"),
        ("978-7-101-00304-8 (pbk.)", "9787101003048"),
        ("1000-1234", "10001234"),
        ("7-101-00304-5", "7101003045"),
        ("", ""),
    ],
)
def test_numbers_are_one_token_however_they_are_written(number: str, token: str) -> None:
    assert tokens.number(number) == token


def test_call_numbers_keep_their_order_and_lose_their_signs() -> None:
    assert tokens.call_number("I247.5/123:2") == "@i247.5.123.2"
    assert tokens.call_number("PL2922 .S5 A6 1999") == "@pl2922.s5a61999"


def test_facet_tokens_hold_no_sign_that_ends_a_token() -> None:
    assert facet_token("m", "computer_file") == "%mcomputer.file"
    assert facet_token("l", "'|\\") == "%l..."


def said(text: str, romanisation: str) -> list[str]:
    return [tokens.render(way).syllables for way in romanised.read_with(tokens.runs(text), romanisation)]


def test_the_records_romanisation_decides_and_the_table_comes_second() -> None:
    assert said("重庆", "Chongqing") == ["~chong ~qing"]
    assert said("单于", "Shan yu") == ["~shan ~yu", "~chan ~yu"]
    assert said("長樂縣志 1949", "Changle Xian zhi 1949")[0] == "~chang ~le ~xian ~zhi 1949"


def test_a_romanisation_that_does_not_fit_is_found_too() -> None:
    assert said("四庫", "Siku quanshu") == ["~si ~ku", "~si ~ku ~quan ~shu"]


def test_without_romanisation_at_most_four_other_readings_follow() -> None:
    ways = said("曾乐行重长还", "")
    assert len(ways) == 1 + romanised.MOST_OTHER_READINGS
    assert len(set(ways)) == len(ways)


def test_words_that_are_no_pinyin_are_not_taken_for_it() -> None:
    assert romanised.from_romanisation("nihon no rekishi") == ()
    assert tokens.render(romanised.from_romanisation("zhongguo li shi")).syllables == "~zhong ~guo ~li ~shi"


def test_a_title_begins_and_ends_with_signs() -> None:
    columns = document(IndexableTitle(1, "红楼梦 : 一百二十回", author="曹雪芹", responsibility="曹雪芹著"))
    assert columns.in_title.startswith("^红楼 红楼 楼梦 梦 梦$ ¦ 一百")
    assert " ^~hong ~hong ~lou ~meng ~meng$ ¦ ~yi " in columns.in_title
    assert " ^=hlm =hlm =lm =m =m$ ¦ " in columns.in_title
    assert "着" not in columns.in_author
    assert (columns.title_key, columns.title_pinyin, columns.title_initials) == ("红楼梦", "hongloumeng", "hlm")
    assert (columns.author_key, columns.author_pinyin, columns.author_initials) == ("曹雪芹", "caoxueqin", "cxq")


def test_a_chinese_title_that_came_in_letters_alone_is_found_by_pinyin() -> None:
    columns = document(IndexableTitle(1, "Zhongguo li shi", language="chi"))
    assert "~zhong ~guo ~li ~shi" in columns.in_title
    assert "=zgls" in columns.in_title
    assert (
        "~" not in document(IndexableTitle(1, "Nihon shi", language="jpn", title_romanised="Nihon no rekishi")).in_title
    )


def test_the_remainder_of_a_latin_title_is_read_too() -> None:
    assert "~zhong ~guo" in document(IndexableTitle(1, "DVD : 中国")).in_title


def test_keys_of_suggestions_have_blanks_between_words_only() -> None:
    assert suggestion_keys(tokens.runs("C语言 for Dummies!"))[0] == "c语言for dummies"
    assert suggestion_keys(tokens.runs("History of China")) == ("history of china", "", "")


def test_the_vector_holds_places_fields_and_pairs_of_syllables() -> None:
    lexemes = tsvector(document(IndexableTitle(1, "中国", author="国史馆 ab bc"))).split(" ")
    by_token = {lexeme.partition(":")[0]: lexeme.partition(":")[2] for lexeme in lexemes}
    assert by_token["'^中国'"] == "1"
    assert by_token["'中国'"] == by_token["'<中国'"] == "2"
    assert by_token["'~zhong~guo'"] == by_token["'国史史馆'"] == by_token["'>国史史馆'"] == ""
    assert "'abbc'" not in by_token
    assert not any("¦" in lexeme for lexeme in lexemes)
