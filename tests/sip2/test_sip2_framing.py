"""Lines in a stream: however it is cut, the same lines."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shufang.sip2.errors import DecodingError, Fault
from shufang.sip2.framing import Framer

STREAM = b"9300CNa|\r\r\n \n99\n97AZFEF5\r\n\x00  23 x  \r"
LINES = [b"9300CNa|", b"99", b"97AZFEF5", b"23 x  "]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_any_cut_gives_the_same_lines(cuts: list[int]) -> None:
    framer = Framer()
    places = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[a:b] for a, b in itertools.pairwise(places)]
    assert [line for piece in pieces for line in framer.feed(piece)] == LINES


def test_an_unfinished_line_waits() -> None:
    framer = Framer()
    assert list(framer.feed(b"97AZ")) == []
    assert list(framer.feed(b"FEF5\r")) == [b"97AZFEF5"]


def test_a_terminal_that_ends_with_cr_only_may_send_lf_inside() -> None:
    framer = Framer(b"\r")
    assert list(framer.feed(b"\n17AJa\nb|\r")) == [b"17AJa\nb|"]


@pytest.mark.parametrize("data", [b"x" * 101, b"x" * 101 + b"\r", b"99\r" + b"x" * 101])
def test_a_line_without_end_is_refused(data: bytes) -> None:
    framer = Framer(limit=100)
    with pytest.raises(DecodingError) as refused:
        list(framer.feed(data))
    assert refused.value.fault is Fault.TOO_LONG


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_noise_gives_lines_or_the_declared_error(pieces: list[bytes]) -> None:
    framer = Framer(limit=100)
    try:
        for piece in pieces:
            for line in framer.feed(piece):
                assert line
                assert b"\r" not in line
    except DecodingError as refused:
        assert refused.fault is Fault.TOO_LONG  # noqa: PT017
