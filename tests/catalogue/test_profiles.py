"""Mapping profiles are data: what they may say, and what items they make of holdings."""

from decimal import Decimal
from pathlib import Path

import pytest

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.loading.holdings import items_of
from shufang.catalogue.loading.profiles import ProfileError, parse_profile, read_profile, shipped
from shufang.marc.record import Dialect
from tests.catalogue.records import book, f, xiangzi_cnmarc


def test_shipped_profiles_are_sound() -> None:
    assert set(shipped()) == {"cnmarc_905", "cnmarc_906", "marc21_852", "marc21_952"}
    for name in shipped():
        profile = read_profile(name)
        assert profile.name == name
        assert profile.dialect is Dialect(name.split("_")[0])
        assert profile.items


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "ours.json"
    path.write_text('{"name": "ours", "branches": {"BNU": "GMD"}, "items": [{"tag": "999", "barcode": "i"}]}', "utf-8")
    profile = read_profile(str(path))
    assert (profile.name, profile.branches, profile.items[0].tag) == ("ours", {"BNU": "GMD"}, "999")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "JSON object"),
        ("{", "JSON object"),
        ("{}", "needs a name"),
        ('{"name": "x", "itmes": []}', "no 'itmes'"),
        ('{"name": "x", "items": {}}', "items is a list"),
        ('{"name": "x", "items": [{"tag": "90", "barcode": "b"}]}', "three signs"),
        ('{"name": "x", "items": [{"tag": "905"}]}', "barcode"),
        ('{"name": "x", "items": [{"tag": "905", "barcode": "b", "call_number": "de"}]}', "list of subfield codes"),
        ('{"name": "x", "items": [{"tag": "905", "barcode": "b", "colour": "z"}]}', "no 'colour'"),
        ('{"name": "x", "clash": "ignore"}', "reject or prefix"),
        ('{"name": "x", "dialect": "danmarc"}', "marc21 or cnmarc"),
        ('{"name": "x", "barcode_pattern": "("}', "regular expression"),
        ('{"name": "x", "branches": ["GMD"]}', "object of texts"),
        ('{"name": 7}', "name is a text"),
    ],
)
def test_a_wrong_profile_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ProfileError, match=sentence):
        parse_profile(text)


def test_an_unknown_profile_names_the_shipped_ones() -> None:
    with pytest.raises(ProfileError, match="cnmarc_905"):
        read_profile("nowhere.json")


def test_905_one_item_a_barcode() -> None:
    record = xiangzi_cnmarc(
        f("905", ("a", "GMD"), ("b", "DX00000301"), ("b", "DX00000302"), ("d", "I246.5"), ("e", "26"))
    )
    items, none = items_of(record, read_profile("cnmarc_905"), "I246.5")
    assert [item.barcode for item in items] == ["DX00000301", "DX00000302"]
    assert {(item.branch, item.call_number, item.price) for item in items} == {("GMD", "I246.5/26", Decimal("24.00"))}
    assert none == []


def test_952_as_koha_writes_it() -> None:
    record = book(
        "1",
        "书",
        f(
            "952",
            ("p", "DX00000401"),
            ("a", "HC"),
            ("o", "I247.5 12"),
            ("g", "38.50"),
            ("y", "REF"),
            ("7", "1"),
            ("c", "A3"),
        ),
        f("952", ("p", "DX00000402"), ("a", "HC"), ("0", "1")),
        f("952", ("p", "DX00000403"), ("a", "HC"), ("0", "0"), ("v", "全4册 120.00")),
    )
    items, none = items_of(record, read_profile("marc21_952"), "I247.5")
    first, second = items
    assert (first.barcode, first.branch, first.call_number, first.kind, first.shelf) == (
        "DX00000401", "HC", "I247.5 12", "REF", "A3",
    )  # fmt: skip
    assert (first.price, first.is_for_loan) == (Decimal("38.50"), False)
    assert (second.barcode, second.price, second.is_for_loan, second.call_number) == (
        "DX00000403",
        None,
        True,
        "I247.5",
    )
    assert [each.code for each in none] == ["withdrawn"]


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        ((), ItemStatus.AVAILABLE),
        ((("1", "0"), ("4", "0")), ItemStatus.AVAILABLE),
        ((("1", "2"),), ItemStatus.MISSING),
        ((("4", "1"),), ItemStatus.DAMAGED),
        ((("1", "1"), ("4", "1")), ItemStatus.MISSING),
    ],
)
def test_952_says_where_a_copy_is_now_and_whether_it_is_lost_or_damaged(
    flags: tuple[tuple[str, str], ...], status: ItemStatus
) -> None:
    record = book("1", "书", f("952", ("p", "DX00000401"), ("a", "HC"), ("b", "GMD"), *flags))
    ((item,), _) = items_of(record, read_profile("marc21_952"), "")
    assert (item.branch, item.current_branch, item.status) == ("HC", "GMD", status)


def test_no_or_an_implausible_barcode_makes_no_item_and_says_so() -> None:
    record = xiangzi_cnmarc(
        f("905", ("a", "BNU"), ("d", "F124")),
        f("905", ("a", "BNU"), ("b", "中文库")),
        f("905", ("a", "BNU"), ("b", "W")),
        f("905", ("a", "BNU"), ("b", " DX00000301 ")),
    )
    items, none = items_of(record, read_profile("cnmarc_905"), "")
    assert [item.barcode for item in items] == ["DX00000301"]
    assert [each.code for each in none] == ["no_barcode", "implausible_barcode", "implausible_barcode"]


def test_codes_are_translated_by_the_profile() -> None:
    profile = parse_profile(
        '{"name": "x", "branches": {"BNU": "GMD"}, "libraries": {"1": "DX"}, "kinds": {"R": "reference"},'
        '"default_branch": "HC", "barcode_prefix": "BNU", "barcode_prefix_always": true,'
        '"items": [{"tag": "905", "barcode": "b", "branch": "a", "library": "l", "kind": "k"}]}'
    )
    record = xiangzi_cnmarc(
        f("905", ("a", "BNU"), ("b", "10001"), ("l", "1"), ("k", "R")), f("905", ("b", "10002"), ("k", "other"))
    )
    first, second = items_of(record, profile, "")[0]
    assert (first.barcode, first.branch, first.library, first.kind) == ("BNU10001", "GMD", "DX", "reference")
    assert (second.barcode, second.branch, second.library, second.kind) == ("BNU10002", "HC", "", "other")
