"""The 45 digits themselves: fixed cases that js/phone_code.js must make too, and what is no code."""

from datetime import UTC, datetime

import pytest

from shufang.patrons.phone_code import looks_like_code, make_code, new_handle, step_of, take_apart

SECRET = bytes(range(32))
MADE = (
    ("000000000000000001", 59_215_680, "100000000000000000159215680{}"),
    ("999999999999999999", 59_215_681, "199999999999999999959215681{}"),
)


def test_a_step_is_thirty_seconds_since_1970() -> None:
    assert step_of(datetime(1970, 1, 1, 0, 0, 29, tzinfo=UTC)) == 0
    assert step_of(datetime(1970, 1, 1, 0, 0, 30, tzinfo=UTC)) == 1
    assert step_of(datetime(2026, 4, 15, 4, 0, 0, tzinfo=UTC)) == 59_207_520


@pytest.mark.parametrize(("handle", "step", "beginning"), MADE)
def test_what_is_made_can_be_taken_apart(handle: str, step: int, beginning: str) -> None:
    text = make_code(handle, SECRET, step)
    assert len(text) == 45
    assert text.isdigit()
    assert text.startswith(beginning.format(""))
    code = take_apart(f" {text}\r\n")
    assert code is not None
    assert (code.handle, code.step) == (handle, step)
    assert code.is_signed_with(SECRET)
    assert not code.is_signed_with(bytes(32))


def test_the_signature_is_what_docs_say() -> None:
    """Computed by hand: HMAC-SHA-256, first 8 bytes, big-endian, mod 10^18."""
    import hashlib
    import hmac

    signed = "1" + "7" * 18 + "59215680"
    digest = hmac.new(SECRET, signed.encode(), hashlib.sha256).digest()
    expected = int(digest[:8].hex(), 16) % 10**18
    assert make_code("7" * 18, SECRET, 59_215_680) == f"{signed}{expected:018}"


@pytest.mark.parametrize("place", range(45))
def test_one_changed_digit_is_noticed(place: int) -> None:
    text = make_code("123456789012345678", SECRET, 59_215_680)
    other = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
    code = take_apart(other)
    assert code is None or not code.is_signed_with(SECRET)


@pytest.mark.parametrize("text", ["", "D0000001", "1" * 44, "1" * 46, "2" * 45, "1" * 44 + "x", "１" * 45, "1" * 40])
def test_what_is_no_code(text: str) -> None:
    assert not looks_like_code(text)
    assert take_apart(text) is None


def test_handles_are_eighteen_digits_and_differ() -> None:
    handles = {new_handle() for _ in range(100)}
    assert len(handles) == 100
    assert {len(handle) for handle in handles} == {18}
