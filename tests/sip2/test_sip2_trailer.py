"""Error detection: the vectors of SIP2.md, dialects' sums, damaged trailers."""

import pytest

from shufang.sip2.codec import decode, seal
from shufang.sip2.dialects import DIALECTS, STANDARD, UNKNOWN
from shufang.sip2.errors import DecodingError, Fault

ITEM = "1720260101    120000AOBR1|AB三体001|AC|"


@pytest.mark.parametrize(
    ("body", "sequence", "line"),
    [
        ("9900401.00", "1", "9900401.00AY1AZFCA5\r"),
        ("941", "0", "941AY0AZFDFD\r"),
        ("97", "", "97AZFEF5\r"),
        ("96", "", "96AZFEF6\r"),
        ("96", "5", "96AZFEF6\r"),
        (ITEM, "3", f"{ITEM}AY3AZF247\r"),
    ],
)
def test_vectors(body: str, sequence: str, line: str) -> None:
    assert seal(body.encode(), sequence=sequence, with_checksum=True) == line.encode()
    assert decode(line.encode().rstrip()).body == body.encode()


def test_the_sum_is_over_bytes_of_the_account_s_encoding() -> None:
    assert seal(ITEM.encode("gb18030"), "gb18030", sequence="3", with_checksum=True).endswith(b"AY3AZF32A\r")


@pytest.mark.parametrize("line", [b"97AZfef5", b"97AZFEF5 ", b"97AZFEF5|"])
def test_lower_case_and_what_trails_is_read(line: bytes) -> None:
    assert decode(line).has_checksum


def test_a_checksum_without_leading_zeros_is_read() -> None:
    for number in range(3000):
        line = f"1720260101    120000AODX|AB{number:06}|AY1AZ".encode()
        value = -sum(line) & 0xFFFF
        padded = b"%s%04X" % (line, value)
        bare = b"%s%X" % (line, value)
        assert decode(padded) == decode(bare)


@pytest.mark.parametrize(
    "line",
    [
        b"97AZFEF6",
        b"9900401.00AY1AZFCA4",
        b"9900401.00AY1AZ",
        b"9900401.00AY1AZFCAG",
        b"1720260101    120000AODX|ABx|AY3AZ12G4",
        b"1720260101    120000AODX|ABx|XY3AZF247",
        b"1720260101    120000AODX|ABx|AYxAZF247",
    ],
)
def test_a_wrong_or_half_trailer_is_a_bad_checksum(line: bytes) -> None:
    with pytest.raises(DecodingError) as refused:
        decode(line)
    assert refused.value.fault is Fault.BAD_CHECKSUM


def test_a_sequence_without_checksum_and_a_checksum_without_sequence() -> None:
    found = decode(b"1720260101    120000AODX|ABx|AY7")
    assert (found.sequence, found.has_checksum) == ("7", False)
    line = b"1720260101    120000AODX|ABx|AZ"
    found = decode(b"%s%04X" % (line, -sum(line) & 0xFFFF))
    assert (found.sequence, found.has_checksum) == ("", True)


def test_a_barcode_that_looks_like_a_trailer_stays_a_barcode() -> None:
    found = decode(b"1720260101    120000AODX|ABAY1|")
    assert found.body.endswith(b"ABAY1|")
    assert found.sequence == ""


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("code_points", f"{ITEM}AY3AZ{-sum(map(ord, ITEM + 'AY3AZ')) & 0xFFFF:04X}"),
        ("dp2", "20020201215    103531ABB001|AJ剪面包的男孩|AY4AZ75E2"),
    ],
)
def test_other_sums_are_a_matter_of_the_dialect(name: str, line: str) -> None:
    dialect = DIALECTS[name]
    received = decode(line.encode(), "utf-8", dialect)
    assert decode(line.encode(), "utf-8", UNKNOWN) == received
    assert (
        seal(received.body, "utf-8", dialect, sequence=received.sequence, with_checksum=True) == line.encode() + b"\r"
    )
    with pytest.raises(DecodingError):
        decode(line.encode(), "utf-8", STANDARD)


def test_ends_and_case_of_replies_are_a_matter_of_the_dialect() -> None:
    assert seal(b"96", dialect=DIALECTS["lower_case_hex"], with_checksum=True) == b"96AZfef6\r"
    assert seal(b"96", dialect=DIALECTS["crlf"]) == b"96\r\n"
    assert seal(b"96", dialect=DIALECTS["lf"]) == b"96\n"
    assert decode(b"97AZ0000", "utf-8", DIALECTS["unchecked"]).has_checksum
