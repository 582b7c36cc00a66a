"""Which title a record is: by source and number, by 035, by ISBN only if all five agree."""

from dataclasses import replace

import pytest

from shufang.catalogue.loading.matching import Known, Match, Neighbours, Outcome, agreement, match
from shufang.catalogue.loading.title_values import Identifier, TitleValues

ISBN = "9787020002207"
OURS = TitleValues(
    "DX", "1", "骆驼祥子", volume="", year=2008, publisher="人民文学出版社",
    identifiers=(Identifier("isbn", ISBN), Identifier("035", "(OCoLC)77")),
)  # fmt: skip


def known(values: TitleValues = OURS, title_id: int = 5, digest: bytes = b"old") -> Known:
    return Known(title_id, values.source, values.control_number, digest, agreement(values))


def near(
    *titles: Known, isbn: bool = False, system: bool = False, linked: dict[str, Known] | None = None
) -> Neighbours:
    return Neighbours(
        {(one.source, one.control_number): one for one in titles},
        {"(OCoLC)77": list(titles)} if system else {},
        {ISBN: list(titles)} if isbn else {},
        linked or {},
    )


def from_elsewhere(**changes: object) -> TitleValues:
    return replace(OURS, source="SD", control_number="900", **changes)  # type: ignore[arg-type]  # what differs


def test_source_and_number() -> None:
    assert match(OURS, b"old", near(known())) == Match(Outcome.SAME, 5)
    assert match(OURS, b"new", near(known())) == Match(Outcome.CHANGED, 5)
    assert match(replace(OURS, control_number="2"), b"new", near(known())).outcome is Outcome.NEW


def test_035_of_another_source_links_and_overwrites_nothing() -> None:
    assert match(from_elsewhere(), b"new", near(known(), system=True)) == Match(Outcome.LINKED, 5)
    names_ours = from_elsewhere(identifiers=(Identifier("035", "(DX)1"),))
    assert match(names_ours, b"new", near(known())) == Match(Outcome.LINKED, 5)


def test_035_shared_within_one_source_is_no_match() -> None:
    """Its own numbers say that they are two records."""
    other = replace(OURS, control_number="2", identifiers=(Identifier("035", "(OCoLC)77"),))
    assert match(other, b"new", near(known(), system=True)).outcome is Outcome.NEW


def test_035_that_two_titles_have_is_no_match() -> None:
    two = near(known(), known(replace(OURS, control_number="2"), 6), system=True)
    assert match(from_elsewhere(identifiers=(Identifier("035", "(OCoLC)77"),)), b"new", two).outcome is Outcome.NEW


def test_035_that_names_the_titles_own_number() -> None:
    renumbered = replace(OURS, control_number="b-1", identifiers=(Identifier("035", "(DX)1"),))
    assert match(renumbered, b"new", near(known())) == Match(Outcome.CHANGED, 5, formerly="(DX)1")


def test_a_number_that_is_remembered_as_a_link_overwrites_nothing_and_may_be_cited() -> None:
    renumbered = known(replace(OURS, control_number="b-1"))
    remembered = near(renumbered, linked={"(DX)1": renumbered})
    assert match(replace(OURS, identifiers=()), b"old", remembered) == Match(Outcome.LINKED, 5)
    cites = from_elsewhere(identifiers=(Identifier("035", "(DX)1"),))
    assert match(cites, b"new", remembered) == Match(Outcome.LINKED, 5)


def test_isbn_links_if_all_five_agree_in_folded_form() -> None:
    traditional = from_elsewhere(title="駱駝祥子", publisher="人民文學出版社", identifiers=(Identifier("isbn", ISBN),))
    assert match(traditional, b"new", near(known(), isbn=True)) == Match(Outcome.LINKED, 5)


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"title": "四世同堂"}, "title"),
        ({"volume": "2"}, "volume"),
        ({"year": 1955}, "year"),
        ({"year": None}, "year"),
        ({"publisher": ""}, "publisher"),
        ({"material": "sound"}, "material"),
        ({"title": "四世同堂", "year": 1955}, "title year"),
    ],
)
def test_isbn_alone_only_proposes(changes: dict[str, object], differs: str) -> None:
    other = from_elsewhere(identifiers=(Identifier("isbn", ISBN),), **changes)
    assert match(other, b"new", near(known(), isbn=True)) == Match(Outcome.NEW, None, ((5, ISBN, differs),))


def test_what_nobody_knows_agrees_with_nothing() -> None:
    nameless = replace(OURS, publisher="", year=None)
    other = from_elsewhere(publisher="", year=None, identifiers=(Identifier("isbn", ISBN),))
    assert match(other, b"", near(known(nameless), isbn=True)).proposals == ((5, ISBN, "year publisher"),)


def test_isbns_of_sets_do_not_even_propose() -> None:
    other = from_elsewhere(title="四世同堂", identifiers=(Identifier("isbn", ISBN, matches=False),))
    assert match(other, b"new", near(known(), isbn=True)) == Match(Outcome.NEW)


def test_a_record_once_linked_stays_linked() -> None:
    other = from_elsewhere(title="四世同堂", identifiers=())
    assert match(other, b"new", near(linked={"(SD)900": known()})) == Match(Outcome.LINKED, 5)
