"""What a kiosk has sealed opens for the server's key, for that kiosk, unchanged, and never else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shufang.kernel.sealing import SealedWrongError, key_id, private_key, public_point, seal, unseal

KEY = private_key(bytes(range(32)))
POINT = public_point(KEY)
HERE = b"kiosk:7"
NONCE = bytes(12)


@given(st.binary(max_size=400), st.binary(max_size=20))
def test_what_was_sealed_opens(plain: bytes, context: bytes) -> None:
    assert unseal(seal(plain, POINT, context, NONCE), KEY, context) == plain


def test_each_sealing_is_another() -> None:
    assert seal(b"one", POINT, HERE, NONCE) != seal(b"one", POINT, HERE, NONCE)
    assert b"one book" not in seal(b"one book", POINT, HERE, NONCE)


@given(st.integers(0, 93))
def test_a_changed_byte_opens_nothing(place: int) -> None:
    sealed = bytearray(seal(b"", POINT, HERE, NONCE))
    sealed[place] ^= 1
    with pytest.raises(SealedWrongError):
        unseal(bytes(sealed), KEY, HERE)


@pytest.mark.parametrize(
    "sealed", [b"", b"\x01", b"\x02" + bytes(200), b"\x01" + bytes(200), b"\x01\x04" + b"\xff" * 200]
)
def test_what_is_no_sealed_text_opens_nothing(sealed: bytes) -> None:
    with pytest.raises(SealedWrongError):
        unseal(sealed, KEY, HERE)


def test_another_key_or_kiosk_opens_nothing() -> None:
    sealed = seal(b"one", POINT, HERE, NONCE)
    with pytest.raises(SealedWrongError):
        unseal(sealed, private_key(bytes(32)), HERE)
    with pytest.raises(SealedWrongError):
        unseal(sealed, KEY, b"kiosk:8")


def test_any_secret_makes_a_key() -> None:
    points = {public_point(private_key(secret)) for secret in (bytes(32), b"\xff" * 32, b"\x01" * 32)}
    assert len(points) == 3
    assert {len(point) for point in points} == {65}
    assert len(key_id(POINT)) == 16


def test_a_text_that_a_browser_sealed_opens() -> None:
    """Sealed by js/kiosk/seal.js in Chromium, so that neither side changes the rule alone."""
    sealed = bytes.fromhex(SEALED_IN_CHROMIUM)
    assert unseal(sealed, KEY, HERE) == '{"verb":"checkout","title":"城市书房"}'.encode()


SEALED_IN_CHROMIUM = (
    "0104954771531f93c0c40fb5f079cb71f3299d3392876daf021eac855fa3974fb960ae8bfdb1955202047e5e0ed50a8a"
    "50a4b0de74fe73efbbb9eb003223c04bc6867088b13b79dbd09bb1f4298fb869a7fbf72d364b1871cd4fe6e93354608a"
    "d5fcf7b2cd610abf606738a7f9cd8891a62db4ceac300f6045746d36739f4589fc8b4670115e52f0"
)
