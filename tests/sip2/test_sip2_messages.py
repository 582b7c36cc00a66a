"""The messages as tables of (value, bytes), and round trips of every kind."""

import contextlib
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shufang.sip2 import replies, requests
from shufang.sip2.codec import Message, decode, encode, seal
from shufang.sip2.dialects import DIALECTS
from shufang.sip2.errors import DecodingError, Fault
from shufang.sip2.layout import LAYOUT_OF, Fixed

DATE = "20260101    120000"

TABLE: list[tuple[Message, str]] = [
    (requests.LoginRequest("0", "0", "gmd-1", "demo", "GMD"), "9300CNgmd-1|COdemo|CPGMD|"),
    (requests.StatusRequest("0", "080", "2.00"), "9900802.00"),
    (requests.PatronStatusRequest("019", DATE, "DX", "D1", "", "135790"), f"23019{DATE}AODX|AAD1|AC|AD135790|"),
    (
        requests.PatronInformationRequest("001", DATE, "  Y       ", "DX", "D1", start="1", end="5"),
        f"63001{DATE}  Y       AODX|AAD1|BP1|BQ5|",
    ),
    (
        requests.CheckoutRequest(
            may_renew=True,
            no_block=False,
            date=DATE,
            no_block_due=DATE,
            institution="DX",
            patron="D1",
            item="DX1",
            terminal_password="",
            pin="135790",
            cancel=False,
        ),
        f"11YN{DATE}{DATE}AODX|AAD1|ABDX1|AC|AD135790|BIN|",
    ),
    (requests.CheckinRequest(False, DATE, DATE, "GMD", "DX", "DX1", ""), f"09N{DATE}{DATE}APGMD|AODX|ABDX1|AC|"),
    (requests.ItemInformationRequest(DATE, "DX", "DX1"), f"17{DATE}AODX|ABDX1|"),
    (requests.ItemStatusUpdateRequest(DATE, "DX", "DX1", "torn"), f"19{DATE}AODX|ABDX1|CHtorn|"),
    (
        requests.RenewRequest(False, False, DATE, DATE, "DX", "D1", item="DX1"),
        f"29NN{DATE}{DATE}AODX|AAD1|ABDX1|",
    ),
    (requests.RenewAllRequest(DATE, "DX", "D1", fee_acknowledged=True), f"65{DATE}AODX|AAD1|BOY|"),
    (requests.HoldRequest("+", DATE, "DX", "D1", pickup="GMD", item="DX1"), f"15+{DATE}AODX|AAD1|BSGMD|ABDX1|"),
    (
        requests.FeePaidRequest(DATE, "01", "00", "CNY", "5.00", "DX", "D1", transaction="T1"),
        f"37{DATE}0100CNYBV5.00|AODX|AAD1|BKT1|",
    ),
    (requests.PatronEnableRequest(DATE, "DX", "D1"), f"25{DATE}AODX|AAD1|"),
    (requests.BlockPatronRequest(True, DATE, "DX", "left", "D1", ""), f"01Y{DATE}AODX|ALleft|AAD1|AC|"),
    (requests.EndSessionRequest(DATE, "DX", "D1"), f"35{DATE}AODX|AAD1|"),
    (requests.ResendRequest(), "97"),
    (replies.LoginReply(True), "941"),
    (
        replies.StatusReply(True, True, True, True, True, True, "100", "003", DATE, "2.00", "DX", "Y" * 16),
        f"98YYYYYY100003{DATE}2.00AODX|BXYYYYYYYYYYYYYYYY|",
    ),
    (
        replies.PatronStatusReply(" " * 14, "019", DATE, "DX", "D1", "王芳", True, None, "CNY", "0.00", ("好",)),
        f"24              019{DATE}AODX|AAD1|AE王芳|BLY|BHCNY|BV0.00|AF好|",
    ),
    (
        replies.CheckoutReply(False, False, "U", False, DATE, "DX", "D1", "DX1", "", ""),
        f"120NUN{DATE}AODX|AAD1|ABDX1|AJ|AH|",
    ),
    (
        replies.CheckinReply(True, True, "U", True, DATE, "DX", "DX1", "GMD", alert_type="01", screen=("a", "b")),
        f"101YUY{DATE}AODX|ABDX1|AQGMD|CV01|AFa|AFb|",
    ),
    (replies.RenewAllReply(True, 2, 12345, DATE, "DX", ("a",), ("b", "c")), f"6610002{9999}{DATE}AODX|BMa|BNb|BNc|"),
    (replies.PleaseResend(), "96"),
]


@pytest.mark.parametrize(("message", "text"), TABLE)
def test_a_message_and_its_bytes(message: Message, text: str) -> None:
    assert encode(message) == text.encode()


@pytest.mark.parametrize(("message", "text"), [row for row in TABLE if not isinstance(row[0], replies.RenewAllReply)])
def test_bytes_and_their_message(message: Message, text: str) -> None:
    assert decode(text.encode()).message == message


def test_blanks_that_fill_a_field_up_and_nul_are_no_part_of_its_value() -> None:
    line = f"23001{DATE}AODX |AAD0000001    |AC|AD 135790 |"
    assert decode(line.encode()).message == requests.PatronStatusRequest("001", DATE, "DX", "D0000001", "", "135790")
    found = decode(f"17{DATE}AODX|AB No 12 \0 7 |".encode()).message
    assert isinstance(found, requests.ItemInformationRequest)
    assert found.item == "No 12 \ufffd 7"


def test_order_and_unknown_fields_do_not_matter() -> None:
    found = decode(f"11YN{DATE}{DATE}XXwhat|ABDX1|BIY||AC|AODX|AAD1|ABother".encode()).message
    assert found == requests.CheckoutRequest(True, False, DATE, DATE, "DX", "D1", "DX1", "", cancel=True)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"", Fault.TOO_SHORT),
        (b"1", Fault.TOO_SHORT),
        (b"00what", Fault.UNKNOWN_CODE),
        (b"GET / HTTP/1.1", Fault.UNKNOWN_CODE),
        (b"11YN2026", Fault.TOO_SHORT),
        (b"6300120171123 123051 AOJL|AATEST03|BP1|BQ5|", Fault.FIXED_PART),
        ("17三体三体三体三体三体三体三体三体三体三体".encode(), Fault.FIXED_PART),
    ],
)
def test_what_is_no_message_is_refused(line: bytes, fault: Fault) -> None:
    with pytest.raises(DecodingError) as refused:
        decode(line)
    assert refused.value.fault is fault


def _any_message() -> st.SearchStrategy[Message]:
    text = st.text(st.characters(codec="utf-8", exclude_characters="|", exclude_categories=["C", "Z"]), max_size=60)
    kinds: list[st.SearchStrategy[Message]] = []
    for kind in LAYOUT_OF:
        values: dict[str, st.SearchStrategy[object]] = {}
        for each in fields(kind):
            form = each.metadata["sip2"]
            if isinstance(form, Fixed):
                samples = {"bool": st.booleans(), "int": st.integers(0, 9999)}
                digits = st.text("0123456789 Y", min_size=form.width, max_size=form.width)
                values[each.name] = samples.get(getattr(each.type, "__name__", ""), digits)
            elif form.is_repeated:
                values[each.name] = st.lists(text, max_size=3).map(tuple)
            else:
                values[each.name] = st.none() | st.booleans() if form.is_flag else text
        kinds.append(st.builds(kind, **values))
    return st.one_of(kinds)


@given(
    _any_message(),
    st.sampled_from(["utf-8", "gb18030"]),
    st.sampled_from(sorted(DIALECTS)),
    st.sampled_from("0123456789"),
)
def test_whatever_is_written_reads_the_same(message: Message, encoding: str, name: str, sequence: str) -> None:
    dialect = DIALECTS[name]
    if dialect.splits_bytes:
        return
    line = seal(encode(message, encoding, dialect), encoding, dialect, sequence=sequence, with_checksum=True)
    assert line.endswith(dialect.reply_end)
    found = decode(line.rstrip(b"\r\n"), encoding, dialect)
    assert found.message == message
    assert found.has_checksum
    assert found.sequence == ("" if line[:2] in {b"96", b"97"} else sequence)


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "gb18030", "cp850"]), st.sampled_from(sorted(DIALECTS)))
def test_noise_gives_a_message_or_the_declared_error(line: bytes, encoding: str, name: str) -> None:
    with contextlib.suppress(DecodingError):
        decode(line, encoding, DIALECTS[name])


@given(st.sampled_from(TABLE), st.data())
def test_a_damaged_line_is_never_another_message(row: tuple[Message, str], data: st.DataObject) -> None:
    """One changed byte is always found by the checksum, also in the trailer itself."""
    line = seal(row[1].encode(), sequence="3", with_checksum=True).rstrip(b"\r")
    place = data.draw(st.integers(0, len(line) - 1))
    noise = data.draw(st.integers(0x21, 0xFF).filter(lambda byte: byte != line[place]))
    damaged = line[:place] + bytes([noise]) + line[place + 1 :]
    try:
        found = decode(damaged)
    except DecodingError:
        return
    assert found.message == decode(line).message, "only the case of a hex digit may differ"
