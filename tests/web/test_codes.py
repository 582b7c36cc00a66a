"""Codes drawn on the server are read back by a scanner's own code."""

import pytest

from shufang.web.codes import code_128, qr_code
from tests.web.reading_codes import drawn, read


@pytest.mark.parametrize("text", ["1" * 45, "https://example.org/here/48217736/", "D0000001", "书房 + study"])
def test_a_qr_code_says_what_it_was_given(text: str) -> None:
    assert read(drawn(qr_code(text))) == {"QRCode": text}


@pytest.mark.parametrize("text", ["D0000001", "11026004173841860", "0", "a-b/C 12"])
def test_a_barcode_says_what_it_was_given(text: str) -> None:
    assert read(drawn(code_128(text))) == {"Code128": text}


def test_forty_five_digits_are_a_small_qr_code() -> None:
    assert qr_code("9" * 45).view_box == "-4 -4 33 33"


@pytest.mark.parametrize("text", ["", "书", "a\n"])
def test_what_bars_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Code 128 cannot say"):
        code_128(text)
