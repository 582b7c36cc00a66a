"""Passwords are kept as scrypt; the memory of right ones is bounded and exact."""

import pytest

from shufang.kernel.password import RightOnes, hash_secret, is_right


def test_only_the_same_secret_is_right() -> None:
    stored = hash_secret(b"demo")
    assert is_right(b"demo", stored)
    assert not is_right(b"demo ", stored)
    assert hash_secret(b"demo") != stored


@pytest.mark.parametrize("stored", ["", "demo", "scrypt$1024$zz$00", "scrypt$1024$00$", "md5$1024$00$00"])
def test_nothing_is_right_against_what_cannot_be_read(stored: str) -> None:
    assert not is_right(b"", stored)
    assert not is_right(b"demo", stored)


def test_an_empty_secret_is_neither_kept_nor_right() -> None:
    with pytest.raises(ValueError, match="empty"):
        hash_secret(b"")
    assert not is_right(b"", hash_secret(b"demo"))


def test_memory_is_exact_and_bounded() -> None:
    memory = RightOnes(2)
    memory.remember(b"ab", b"c")
    assert memory.knows(b"ab", b"c")
    assert not memory.knows(b"a", b"bc")
    memory.remember(b"2")
    assert memory.knows(b"ab", b"c")
    memory.remember(b"3")
    assert (len(memory), memory.knows(b"2"), memory.knows(b"ab", b"c")) == (2, False, True)
    memory.forget_all()
    assert not memory.knows(b"3")
