"""Folding: one form for all spellings of a text. Hanzi go character by character, never by phrase.

Simplified, traditional, Japanese and rare variant forms of a character become the one that stands for their class
(data/folding.txt); Latin letters lose case and accents, full-width signs become ASCII.
"""

import unicodedata
from importlib.resources import files


def _table() -> dict[int, str]:
    table = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letters = unicodedata.normalize("NFKD", chr(code).lower())
        table[code] = "".join(sign for sign in letters if not unicodedata.combining(sign))
    table |= {ord(sign): plain for sign, plain in _LETTERS.items()}
    table |= dict.fromkeys(_DROPPED, "")
    for line in (files(__package__) / "data/folding.txt").read_text("utf-8").splitlines():
        table |= dict.fromkeys(map(ord, line[1:]), line[0])
    return table


_LETTERS = {
    "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d",
    "þ": "th", "Þ": "th", "ł": "l", "Ł": "l", "ħ": "h", "ı": "i", "ŋ": "ng", "×": "x", "÷": " ", "ё": "е",
}  # fmt: skip
_DROPPED = (
    *range(0x300, 0x370),
    0x2B9,
    0x2BB,
    0x2BC,
    0x2BE,
    0x2BF,
    0xAD,
    0x200B,
    0x200C,
    0x200D,
    0xFE20,
    0xFE21,
    0xFEFF,
)
_FOLDED = _table()


def fold(text: str) -> str:
    """Return `text` in its folded form, lower case; signs that are neither letter nor figure stay as they are."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).lower().translate(_FOLDED)
