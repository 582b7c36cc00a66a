"""Card numbers and barcodes as people and scanners write them."""

import pytest

from shufang.kernel.numbers import as_number


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("dx00000001", "DX00000001"),
        ("DX00000001", "DX00000001"),
        ("a-b.c/9", "A-B.C/9"),
        ("", ""),
        ("书dx1", "书DX1"),
        ("ß", "ß"),
        ("é1", "é1"),
        ("ａ", "ａ"),
        ("dx\0", "DX\ufffd"),
        ("dx\ud800", "DX\ufffd"),
    ],
)
def test_letters_a_to_z_stand_in_capitals(given: str, kept: str) -> None:
    assert as_number(given) == kept
