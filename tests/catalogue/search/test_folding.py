"""All spellings of a text fold to one form, character by character."""

import pytest

from shufang.catalogue.search.folding import fold

SAME = [
    ("中華書局", "中华书局"),
    ("計畫經濟", "计划经济"),
    ("硏究", "研究"),
    ("囯淸刋", "国清刊"),
    ("図書館", "图书馆"),
    ("亜細亜", "亚细亚"),
    ("著名", "着名"),
    ("後漢書", "后汉书"),
    ("臺灣", "台湾"),
    ("Ｃ＋＋　２１", "c++ 21"),
    ("Lǚ Xùn", "lu xun"),
    ("Voĭna i mir", "voina i mir"),
    ("ﬁn", "fin"),
    ("Straße", "strasse"),
    ("Ødegård", "odegard"),
]


@pytest.mark.parametrize(("spelling", "other"), SAME)
def test_spellings_fold_to_one_form(spelling: str, other: str) -> None:
    assert fold(spelling) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("人", "入"), ("未", "末"), ("中", "忠"), ("日", "曰"), ("a", "b")])
def test_different_characters_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["乾隆皇帝", "計畫", "頭髮發現", "皇后以後"])
def test_each_character_folds_by_itself_so_that_substrings_are_found(text: str) -> None:
    assert fold(text) == "".join(fold(sign) for sign in text)


@pytest.mark.parametrize("text", [spelling for spelling, _ in SAME])
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
