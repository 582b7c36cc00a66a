"""What no database takes, in texts from outside."""

import pytest

from shufang.kernel.texts import storable


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("封面脱落 ok", "封面脱落 ok"),
        ("a\0b", "a\ufffdb"),
        ("\ud800书\udfff", "\ufffd书\ufffd"),
        ("𠀀", "𠀀"),
        ("a\x01\n", "a\x01\n"),
    ],
)
def test_only_what_cannot_be_stored_is_replaced(given: str, kept: str) -> None:
    assert storable(given) == kept
    kept.encode()
