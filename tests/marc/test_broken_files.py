"""Every file of broken MARC: how many records are good, which are not and why, and what had to be repaired."""

import html
from collections import Counter
from pathlib import Path

import pytest

from shufang.marc.reading import read_records
from shufang.marc.record import Broken, Record

# file → (good records, reasons of the broken ones, repairs of the good ones). A cataloguer's view: what can be read
# without losing a character is good, also where a number of its frame lies; where characters are lost it is not.
EXPECTED: dict[str, tuple[int, dict[str, int], dict[str, int]]] = {
    "evergreen__badisbns.xml": (10, {}, {}),
    "evergreen__oss.marc": (41, {"leader": 1}, {}),
    "evergreen__serials_marc21.xml": (7, {}, {}),
    "koha-misc4dev__marc21_illformed_derived.xml": (1, {}, {"control_character": 1}),
    "marc4j__008008027.mrc": (18, {"truncated": 1}, {}),
    "marc4j__185258.mrc": (1, {}, {"indicators": 1}),
    "marc4j__bad_hathi_records.mrc": (5, {}, {"record_length": 1, "base_address": 1, "directory": 1}),
    "marc4j__bad_oversize_field_bad_directory.mrc": (5, {}, {"directory": 1}),
    "marc4j__bad_too_long_plus_2.mrc": (3, {}, {"record_length": 1, "directory": 1}),
    "marc4j__chinese_mangled_multibyte.mrc": (3, {"encoding": 1}, {}),
    "marc4j__datos-20161010-slice.mrc": (1, {}, {"record_length": 1, "base_address": 1}),
    "marc4j__error.mrc": (1, {}, {"record_length": 1, "directory": 1, "indicators": 1}),
    "marc4j__greekmissingcharsetchange.mrc": (2, {"encoding": 1}, {}),
    "marc4j__incomplete_esc_seq.mrc": (0, {"encoding": 1}, {}),
    "marc4j__pride-and-prejudice-fixed.mrc": (383, {}, {}),
    "marc4j__pride-and-prejudice-with-many-errors.mrc": (309, {"encoding": 74}, {"leader": 11}),
    "openlibrary__collingswood_bad_008.mrc": (1, {}, {}),
    "openlibrary__dasrmischepriv00rein_meta.mrc": (1, {}, {"twice_encoded": 1}),
    "openlibrary__lesabndioeinas00sche_meta.mrc": (1, {}, {"twice_encoded": 1}),
    "openlibrary__poganucpeoplethe00stowuoft_meta.mrc": (1, {}, {"twice_encoded": 1, "subfield_code": 1}),
    "openlibrary__talis_empty_245.mrc": (1, {}, {}),
    "openlibrary__talis_no_title.mrc": (1, {}, {}),
    "openlibrary__upei_short_008.mrc": (1, {}, {"base_address": 1, "directory": 1, "indicators": 1}),
    "openlibrary__wrapped_lines.mrc": (1, {}, {"indicators": 1}),
    "perl-MARC-Charset__cjk1.marc": (1, {}, {}),
    "perl-MARC-Charset__cjk2.marc": (1, {}, {}),
    "perl-MARC-Charset__cjk3.marc": (1, {}, {}),
    "perl-MARC-Charset__cjk4.marc": (1, {}, {}),
    "perl-MARC-Charset__cyrillic.marc": (1, {}, {}),
    "perl-MARC-Charset__farsi.marc": (0, {"not_a_record": 1}, {}),
    "perl-MARC-Charset__hebrew1.marc": (1, {}, {}),
    "perl-MARC-Record__baddir.usmarc": (1, {}, {"terminator": 1}),
    "perl-MARC-Record__badind.usmarc": (1, {}, {}),
    "perl-MARC-Record__badldr.usmarc": (6, {"not_a_record": 1}, {}),
    "perl-MARC-Record__cameleof.usmarc": (10, {}, {}),
    "perl-MARC-Record__filler.usmarc": (3, {}, {}),
    "perl-MARC-Record__sample1eof.usmarc": (1, {}, {}),
    "perl-MARC-XML__empty-record-2.xml": (0, {"no_fields": 1}, {}),
    "perl-MARC-XML__empty-record.xml": (0, {"no_fields": 1}, {}),
    "perl-MARC-XML__escape.mrc": (1, {}, {}),
    "perl-MARC-XML__invalid.xml": (0, {"not_a_record": 1}, {}),
    "pymarc__1251.dat": (0, {"encoding": 6}, {}),
    "pymarc__alphatag.dat": (1, {}, {}),
    "pymarc__bad_eacc_encoding.dat": (0, {"encoding": 1}, {}),
    "pymarc__bad_indicator.dat": (1, {}, {"indicators": 1}),
    "pymarc__bad_marc8_escape.dat": (0, {"encoding": 1}, {}),
    "pymarc__bad_records.mrc": (5, {"directory": 2, "no_fields": 1, "truncated": 1}, {"base_address": 3}),
    "pymarc__bad_subfield_code.dat": (1, {}, {"directory": 1, "encoding_flag": 1, "subfield_code": 1}),
    "pymarc__bad_tag.xml": (1, {}, {"tag": 1}),
    "pymarc__regression45.dat": (12, {}, {"indicators": 11}),
    "pymarc__utf8_errors.dat": (1, {}, {}),
    "pymarc__utf8_invalid.mrc": (1, {}, {"subfield_code": 1}),
    "pymarc__utf8_without_leader_flag.dat": (1, {}, {"encoding_flag": 1}),
    "qa-catalogue__000-line-seperated.mrc": (20, {}, {}),
    "qa-catalogue__wrong-marcxml.xml": (3, {}, {}),
    "solrmarc__errorRecs.mrc": (5, {}, {}),
}


def _read(path: Path) -> list[Record | Broken]:
    with path.open("rb") as stream:
        return list(read_records(stream))


@pytest.mark.parametrize("name", EXPECTED)
def test_good_records_arrive_and_broken_ones_say_why(name: str, shared_data: Path) -> None:
    found = _read(shared_data / "marc_broken" / name)
    good = [each for each in found if isinstance(each, Record)]
    reasons = Counter(each.reason.value for each in found if isinstance(each, Broken))
    repairs = Counter(repair.value for each in good for repair in each.repairs)
    assert (len(good), dict(reasons), dict(repairs)) == EXPECTED[name]


def test_every_broken_file_is_in_the_table(shared_data: Path) -> None:
    names = {path.name for path in (shared_data / "marc_broken").iterdir() if path.suffix not in {".csv", ".txt"}}
    assert names == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_positions_are_true_and_raw_bytes_are_whole(name: str, shared_data: Path) -> None:
    path = shared_data / "marc_broken" / name
    content = path.read_bytes()
    found = _read(path)
    assert [each.position.number for each in found] == list(range(1, len(found) + 1))
    for each in found:
        offset = each.position.offset
        assert content[offset : offset + len(each.raw)] == each.raw
        assert each.raw


def test_the_long_record_that_stops_pymarc_is_whole(shared_data: Path) -> None:
    long = _read(shared_data / "marc_broken" / "marc4j__bad_hathi_records.mrc")[3]
    assert isinstance(long, Record)
    assert len(long.raw) == 1_096_887
    assert len(long.fields) == 12_654
    assert long.all("245")[0].first("a").startswith("United States congressional serial set")


def test_repaired_leaders_read_as_the_repaired_file_does(shared_data: Path) -> None:
    """The same 383 records before and after somebody else's repair: what we call good must say the same titles."""
    folder = shared_data / "marc_broken"
    damaged = _read(folder / "marc4j__pride-and-prejudice-with-many-errors.mrc")
    fixed = _read(folder / "marc4j__pride-and-prejudice-fixed.mrc")
    compared = 0
    for ours, theirs in zip(damaged, fixed, strict=True):
        assert isinstance(theirs, Record)
        if isinstance(ours, Record) and "leader" in ours.repairs:
            assert [field.tag for field in ours.fields] == [field.tag for field in theirs.fields]
            assert html.unescape(ours.all("245")[0].text) == theirs.all("245")[0].text
            compared += 1
    assert compared == 11


def test_text_encoded_twice_is_undone(shared_data: Path) -> None:
    (record,) = _read(shared_data / "marc_broken" / "openlibrary__lesabndioeinas00sche_meta.mrc")
    assert isinstance(record, Record)
    assert record.all("245")[0].first("a") == "Lesabéndio :"


def test_an_encoding_that_the_caller_knows_makes_the_cyrillic_file_good(shared_data: Path) -> None:
    from shufang.marc.iso2709 import Reading

    with (shared_data / "marc_broken" / "pymarc__1251.dat").open("rb") as stream:
        records = [each for each in read_records(stream, Reading(encoding="cp1251")) if isinstance(each, Record)]
    assert len(records) == 6
    assert records[0].all("100")[0].first("a").startswith("Ильина")


def test_eacc_becomes_hanzi(shared_data: Path) -> None:
    (record,) = _read(shared_data / "marc_broken" / "perl-MARC-Charset__cjk3.marc")
    assert isinstance(record, Record)
    assert record.encoding == "marc-8"
    assert record.all("880")[1].first("a").replace(" ", "").replace("\u3000", "").startswith("鲁迅与浙东文化")
