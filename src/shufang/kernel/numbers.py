"""Numbers of cards and barcodes of items, as people, scanners and files write them."""

from shufang.kernel.texts import storable

_TO_CAPITALS = str.maketrans({chr(code): chr(code - 32) for code in range(ord("a"), ord("z") + 1)})


def as_number(text: str) -> str:
    """Return a card's number or a barcode as it is kept and looked for: its letters a to z in capitals.

    Code 39 knows capitals only, and many scanners and keyboards send small letters for them. What no database takes
    becomes U+FFFD: a number that nobody has, and so a refusal like any other.
    """
    text = storable(text)
    return text.upper() if text.isascii() else text.translate(_TO_CAPITALS)
