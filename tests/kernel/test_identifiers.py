"""ISBN (ISO 2108), keyed hashes and masks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shufang.kernel.identifiers import isbn10, isbn13, keyed_hash, mask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7-5037-1744-0", "9787503717444"),
        ("978-7-5001-6208-7", "9787500162087"),
        ("9787500162087", "9787500162087"),
        ("080442957X", "9780804429573"),
        ("080442957x", "9780804429573"),
        ("7503717440 (平装)", "9787503717444"),
        ("7503717440（精装）", "9787503717444"),
        ("7503717440 :", "9787503717444"),
        ("  7503717440  ", "9787503717444"),
        ("7503717441", None),  # wrong check digit
        ("9787500162088", None),
        ("978750016208", None),  # too short
        ("97875001620870", None),  # too long
        ("", None),
        ("CNY32.00", None),
        ("9997500162087", None),  # no ISBN prefix
        ("750371744٠", None),  # digits of another script
    ],
)
def test_isbn(text: str, expected: str | None) -> None:
    assert isbn13(text) == expected


@given(st.integers(0, 10**9 - 1))
def test_isbn10_and_13_are_alike(number: int) -> None:
    nine = f"{number:09}"
    ten = next(found for sign in "0123456789X" if (found := isbn13(nine + sign)))
    back = isbn10(ten)
    assert back is not None
    assert back[:9] == nine
    assert isbn13(back) == ten == isbn13(ten)


def test_979_has_no_isbn10() -> None:
    assert isbn13("979-10-90636-07-1") == "9791090636071"
    assert isbn10("9791090636071") is None


@given(st.text(max_size=40))
def test_isbn_never_fails(text: str) -> None:
    found = isbn13(text)
    assert found is None or (len(found) == 13 and found.isascii() and found.isdigit())


def test_keyed_hash_tells_parts_and_keys_apart() -> None:
    assert keyed_hash(b"k", b"ab", b"c") != keyed_hash(b"k", b"a", b"bc")
    assert keyed_hash(b"k", b"ab") != keyed_hash(b"l", b"ab")
    assert keyed_hash(b"k", b"ab") == keyed_hash(b"k", b"ab")
    assert len(keyed_hash(b"k")) == 32


@pytest.mark.parametrize(
    ("text", "expected"), [("110101199003070012", "1***************12"), ("abc", "***"), ("", ""), ("abcd", "a*cd")]
)
def test_mask(text: str, expected: str) -> None:
    assert mask(text) == expected
