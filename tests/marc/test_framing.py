"""Finding the records of an ISO 2709 stream, whatever stands between, before and inside them."""

import bz2
import gzip
import io
import lzma
import tracemalloc
from typing import BinaryIO, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shufang.marc.framing import LONGEST
from shufang.marc.iso2709 import Reading
from shufang.marc.reading import read_records
from shufang.marc.record import Broken, Dialect, Field, Form, Position, Record, Repair, data_field
from shufang.marc.writing import TooLongError, UnwritableError, to_iso2709, to_marcxml


def record(*fields: Field, leader: str = "00000nam a2200000 a 4500", dialect: Dialect = Dialect.MARC21) -> Record:
    return Record(leader, list(fields), b"", Position(1, 0), dialect, Form.ISO2709, "utf-8")


def book(number: str, title: str = "骆驼祥子") -> bytes:
    return to_iso2709(record(Field("001", number), data_field("245", "10", [("a", title), ("c", "老舍著")])))


def read(content: bytes, reading: Reading | None = None) -> list[Record | Broken]:
    return list(read_records(io.BytesIO(content), reading))


class Repeated(io.RawIOBase):
    """The same bytes many times over, as a file that nobody holds in memory."""

    def __init__(self, raw: bytes, count: int) -> None:
        self._raw = raw
        self._size = len(raw) * count
        self._at = 0

    def seek(self, place: int, _whence: int = 0) -> int:
        self._at = place
        return place

    def read(self, size: int = -1) -> bytes:
        size = min(size, self._size - self._at)
        skip = self._at % len(self._raw)
        self._at += size
        return (self._raw * (size // len(self._raw) + 2))[skip : skip + size]


def summary(content: bytes) -> list[str]:
    """The 001 of good records and the reason of broken ones."""
    return [each.control("001") if isinstance(each, Record) else each.reason.value for each in read(content)]


ONE, TWO, THREE = book("1"), book("2"), book("3")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b" \r\n\x00\x1a", []),
        (ONE + TWO + THREE, ["1", "2", "3"]),
        (b"\xef\xbb\xbf" + ONE + b"\r\n" + TWO + b"\n\x00\x1a" + THREE + b"\x1a", ["1", "2", "3"]),
        (ONE + b"rubbish" + TWO, ["1", "not_a_record", "2"]),
        (ONE + b"rubbish\x1d" + TWO, ["1", "not_a_record", "2"]),
        (ONE + TWO[:40] + THREE, ["1", "truncated", "3"]),
        (ONE + TWO[:-1] + THREE, ["1", "2", "3"]),
        (ONE + TWO[:-1], ["1", "2"]),
        (ONE + TWO[:-3], ["1", "truncated"]),
        (b"99999" + ONE[5:] + TWO, ["1", "2"]),
        (b"00030" + ONE[5:] + TWO, ["1", "2"]),
        (b"xxxxx" + ONE[5:] + TWO, ["not_a_record", "2"]),
        (ONE[:12] + b"00000" + ONE[17:] + TWO, ["1", "2"]),
        (ONE[:30] + b"9" + ONE[31:] + TWO, ["1", "2"]),
        (ONE[:24] + ONE[36:] + TWO, ["directory", "2"]),
    ],
)
def test_records_are_found(content: bytes, expected: list[str]) -> None:
    assert summary(content) == expected


def blank(raw: bytes) -> bytes:
    """The record with bytes 5 to 7 of its leader blank, as some programs write it."""
    return raw[:5] + b"   " + raw[8:]


MANY = [book(str(number), f"书{number}") for number in range(1, 8)]
BLANK = [blank(each) for each in MANY]
NUMBERS = [str(number) for number in range(1, 8)]


@pytest.mark.parametrize("records", [MANY, BLANK])
def test_good_records_after_broken_ones_arrive_however_many_end_marks_are_missing(records: list[bytes]) -> None:
    one, two, three, four, *rest = records
    tail = b"".join(rest)
    assert summary(one[:-30] + two + tail) == ["truncated", "2", *NUMBERS[4:]]
    assert summary(one[:40] + two + tail) == ["truncated", "2", *NUMBERS[4:]]
    assert summary(one + two[:-1] + three[:-1] + four + tail) == NUMBERS
    assert summary(one[:60] + two[:60] + three[:60] + four + tail) == ["truncated"] * 3 + NUMBERS[3:]
    assert summary(one[:60] + two[:-1] + three[:60] + four + tail) == ["truncated", "2", "truncated", *NUMBERS[3:]]
    assert summary(b"".join(each[:-1] for each in records)) == NUMBERS
    assert summary(b"\r\n".join(each[:-1] for each in records)) == NUMBERS
    assert summary(one[:-1] + b"rubbish" + two + tail) == ["1", "not_a_record", "2", *NUMBERS[4:]]
    assert summary(one[:-1] + two[9:] + three) == ["1", "not_a_record", "3"]


def test_a_record_that_runs_into_the_next_says_so() -> None:
    first, second, last = read(ONE[:60] + TWO[:40] + THREE)
    assert isinstance(first, Broken)
    assert isinstance(second, Broken)
    assert isinstance(last, Record)
    said = first.sentence
    assert said == (
        f"the record ends after 60 bytes, its leader says {len(ONE):05d}; "
        "the next one follows without an end mark (0x1D) between"
    )
    assert second.sentence.endswith("in its directory; the next one follows without an end mark (0x1D) between")
    (alone,) = read(ONE[:60])
    assert isinstance(alone, Broken)
    assert alone.sentence == f"the record ends after 60 bytes, its leader says {len(ONE):05d}"


def test_what_only_looks_like_a_leader_inside_a_record_cuts_nothing() -> None:
    """A text that quotes a record, and a directory with letters in its tags; the record's length lies besides."""
    quoting = book("1", TWO[:58].decode().replace("\x1e", " "))
    assert "00080nam" in quoting.decode()
    assert summary(quoting[:-1] + THREE) == ["1", "3"]
    lettered = to_iso2709(record(*[data_field(tag, "  ", [("a", "4" * 40)]) for tag in ("LKR", "014", "245")] * 4))
    assert summary(b"99999" + lettered[5:] + TWO) == ["", "2"]


def test_a_long_file_without_any_end_mark_is_cut_in_flat_memory() -> None:
    count = 20_000
    raw = to_iso2709(record(Field("001", "1"), data_field("500", "  ", [("a", "x" * 900)])))[:-1]
    assert count * len(raw) > LONGEST
    tracemalloc.start()
    good = sum(isinstance(each, Record) for each in read_records(cast("BinaryIO", Repeated(raw, count))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert good == count
    assert peak < 4 * LONGEST


def test_a_long_stretch_without_any_record_is_rejected_and_the_next_one_found() -> None:
    content = ONE + b"x" * (LONGEST + (2 << 20)) + TWO
    assert summary(content) == ["1", "too_long", "not_a_record", "2"]


def test_a_record_terminator_inside_a_field_cuts_nothing() -> None:
    torn = book("1", "骆驼*祥子").replace(b"*", b"\x1d")
    first, second = read(torn + TWO)
    assert isinstance(first, Record)
    assert first.repairs == (Repair.CONTROL_CHARACTER,)
    assert first.raw == torn
    assert isinstance(second, Record)


def test_wrapped_lines_are_unwrapped_if_that_explains_every_byte() -> None:
    wrapped = b"\r\n".join(ONE[at : at + 30] for at in range(0, len(ONE), 30))
    (found,) = read(wrapped)
    assert isinstance(found, Record)
    assert found.repairs == (Repair.LINE_ENDS,)
    assert found.raw == wrapped
    assert found.all("245")[0].first("a") == "骆驼祥子"


def test_a_directory_in_another_order_than_the_fields_is_valid() -> None:
    base = int(ONE[12:17])
    entries = [ONE[at : at + 12] for at in range(24, base - 1, 12)]
    swapped = ONE[:24] + b"".join(reversed(entries)) + ONE[base - 1 :]
    (found,) = read(swapped)
    assert isinstance(found, Record)
    assert [field.tag for field in found.fields] == ["245", "001"]
    assert found.is_valid
    assert found.control("001") == "1"


def test_a_directory_counted_in_characters_is_repaired() -> None:
    """Systems that count characters instead of bytes write such records; the terminators still tell the fields."""
    short = to_iso2709(record(Field("001", "1"), data_field("245", "10", [("a", "xxxx")]), Field("008", "y")))
    (found,) = read(short.replace(b"xxxx", "骆驼祥子".encode()))
    assert isinstance(found, Record)
    assert found.all("245")[0].first("a") == "骆驼祥子"
    assert found.control("008") == "y"
    assert set(found.repairs) == {Repair.RECORD_LENGTH, Repair.DIRECTORY}


@pytest.mark.parametrize("press", [gzip.compress, lzma.compress, bz2.compress])
def test_compressed_streams(press: object) -> None:
    assert callable(press)
    assert summary(press(ONE + TWO)) == ["1", "2"]


@pytest.mark.parametrize("press", [gzip.compress, lzma.compress])
def test_damaged_compression_ends_with_its_reason(press: object) -> None:
    assert callable(press)
    content = press(b"".join(book(str(number), f"书 {number * 7919}") for number in range(20_000)))
    found = summary(content[: len(content) // 2])
    assert len(found) > 1000
    assert found[-1] == "compression"
    assert found[0] == "0"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("dialect", Dialect)
def test_hanzi_in_either_encoding_and_dialect(encoding: str, dialect: Dialect) -> None:
    tag = "245" if dialect is Dialect.MARC21 else "200"
    text = "中国发展报告与经济"
    leader = "00000nam  2200000   450 "
    utf8 = to_iso2709(
        record(data_field(tag, "1 ", [("a", "x" * len(text.encode(encoding)))]), leader=leader, dialect=dialect)
    )
    content = utf8.replace(b"x" * len(text.encode(encoding)), text.encode(encoding))
    content = content[:9] + b" " + content[10:]
    (found,) = read(content)
    assert isinstance(found, Record)
    assert (found.dialect, found.encoding) == (dialect, encoding)
    assert found.all(tag)[0].first("a") == text


def test_what_iso2709_cannot_hold_is_refused() -> None:
    with pytest.raises(TooLongError):
        to_iso2709(record(data_field("500", "  ", [("a", "字" * 4000)])))
    with pytest.raises(TooLongError):
        to_iso2709(record(*[data_field("500", "  ", [("a", "x" * 9000)])] * 12))
    with pytest.raises(UnwritableError):
        to_iso2709(record(data_field("500", "  ", [("a", "a\x1eb")])))


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
fields = st.lists(
    st.one_of(
        st.builds(Field, st.sampled_from(["001", "005", "008"]), texts),
        st.builds(
            data_field,
            st.sampled_from(["100", "245", "880", "9XX"]),
            st.sampled_from(["  ", "10", " 4"]),
            st.lists(st.tuples(st.sampled_from("abc69"), texts), min_size=1, max_size=4),
        ),
    ),
    min_size=1,
    max_size=6,
)


@given(st.lists(fields, max_size=4))
def test_iso2709_round_trip(many: list[list[Field]]) -> None:
    content = b"".join(to_iso2709(record(*each)) for each in many)
    found = read(content)
    assert [each.fields for each in found if isinstance(each, Record)] == many
    assert b"".join(each.raw for each in found) == content
    assert all(isinstance(each, Record) and each.is_valid for each in found)


@given(st.lists(fields, max_size=4))
def test_marcxml_round_trip(many: list[list[Field]]) -> None:
    content = b"<collection>" + b"".join(to_marcxml(record(*each)) for each in many) + b"</collection>"
    found = [each.fields for each in read(content) if isinstance(each, Record)]
    assert found == [[Field(tag, text.replace("\r", "\n")) for tag, text in each] for each in many]


@settings(max_examples=300)
@example(b"<", 0, 0)
@given(st.binary(max_size=300), st.integers(0, 200), st.integers(0, 200))
def test_any_damage_yields_records_or_broken_ones_and_never_raises(noise: bytes, at: int, length: int) -> None:
    content = ONE + TWO + THREE
    found = read(content[:at] + noise + content[at + length :] + THREE)
    assert all(isinstance(each, Record | Broken) for each in found)
    last = found[-1]
    assert isinstance(last, Record)
    assert last.control("001") == "3"


@given(st.binary(max_size=400))
def test_any_bytes_as_xml_never_raise(noise: bytes) -> None:
    good = to_marcxml(record(Field("001", "1")))
    read(b"<c>" + noise + good + b"</c>")
