"""Values made to fit, dates, the rows of letters."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shufang.sip2 import dates, replies
from shufang.sip2.codec import decode, encode
from shufang.sip2.dialects import DIALECTS, ENCODINGS
from shufang.sip2.flags import PatronFlag, Supported, patron_status, supported_messages

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _end(*screen: str) -> replies.EndSessionReply:
    return replies.EndSessionReply(True, dates.BLANK, "DX", "D1", screen)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a|b", "AFa/b|"),
        ("a\r\nb", "AFa b|"),
        ("a\nABstolen\x00", "AFa ABstolen |"),
        ("a\u2028b\x85c", "AFa b c|"),
        ("三体", "AF三体|"),
        ("", "AF|"),
    ],
)
def test_harmful_signs_are_made_harmless(value: str, written: str) -> None:
    assert encode(_end(value)).decode().endswith("|" + written)


def test_what_cannot_be_encoded_is_substituted() -> None:
    assert encode(_end("é三🐼"), "cp850").endswith(b"AF\x82??|")
    assert encode(_end("三\ud800"), "utf-8").endswith("AF三?|".encode())


def test_a_terminal_that_splits_bytes_gets_no_byte_of_a_bar() -> None:
    """東 is 96 7C in GB18030; one who decodes first gets it, one who splits first would find a field in it."""
    assert "東" in decode(encode(_end("東方"), "gb18030"), "gb18030").body.decode("gb18030")
    safe = encode(_end("東方"), "gb18030", DIALECTS["splits_bytes"])
    assert safe.endswith("AF?方|".encode("gb18030"))


@given(st.text(max_size=700), st.sampled_from(sorted(ENCODINGS)))
def test_a_long_message_is_split_without_cutting_a_character(value: str, encoding: str) -> None:
    message = decode(encode(_end(value), encoding), encoding).message
    assert isinstance(message, replies.EndSessionReply)
    assert all(len(piece.encode(encoding, "replace")) <= 255 for piece in message.screen)
    assert "".join(message.screen) == decode_alone(value, encoding)


def decode_alone(value: str, encoding: str) -> str:
    message = decode(encode(_end(value[:60]), encoding), encoding).message
    assert isinstance(message, replies.EndSessionReply)
    if len(value) <= 60:
        return "".join(message.screen)
    from shufang.sip2.text import clean  # the long form of the same rule

    cleaned = clean(value) if not value.isprintable() or "|" in value else value
    return cleaned.encode(encoding, "replace").decode(encoding, "replace")


def test_a_long_title_is_cut_between_characters() -> None:
    reply = replies.ItemStatusUpdateReply(True, dates.BLANK, "DX1", "三" * 300)
    message = decode(encode(reply)).message
    assert isinstance(message, replies.ItemStatusUpdateReply)
    assert message.title == "三" * 85


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20260101    120000", datetime(2026, 1, 1, 4, tzinfo=UTC)),
        ("20260101   Z120000", datetime(2026, 1, 1, 12, tzinfo=UTC)),
        ("20260101   H120000", datetime(2026, 1, 1, 4, tzinfo=UTC)),
        (dates.BLANK, None),
        ("00000000    000000", None),
        ("20260230    120000", None),
        ("20260101    250000", None),
        ("20260101   Q120000", None),
        ("2026010111111200", None),
        ("２０２６0101    120000", None),
    ],
)
def test_dates(text: str, moment: datetime | None) -> None:
    assert dates.read(text, SHANGHAI) == moment


@given(st.integers(-2_000_000_000, 100_000_000_000))
def test_dates_read_as_written(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert dates.read(dates.write(moment, UTC), UTC) == moment


def test_rows_of_letters() -> None:
    assert patron_status({PatronFlag.CHARGE_DENIED, PatronFlag.EXCESSIVE_FEES}) == "Y          Y  "
    assert supported_messages(set(Supported) - {Supported.CHECKIN}) == "YYNYYYYYYYYYYYYY"
