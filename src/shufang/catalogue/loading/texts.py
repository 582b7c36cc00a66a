"""Texts as the catalogue shows them: without ISBD punctuation at their ends, control characters, stray blanks."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]+")
_ODD = re.compile("[\x00-\x1f\x7f-\xa0\u3000\ue000-\uf8ff\ufffe\uffff]|\\s\\s")
_BLANKS = re.compile(r"\s{2,}|[\u3000\xa0]")
_HANZI = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE_GAP = re.compile(f"(?<=[{_HANZI}])(?:\\s{{2,}}|[\u3000\ue000-\uf8ff]+\\s*)(?=[{_HANZI}])")
_HAS_HANZI = re.compile(f"[{_HANZI}]")
_YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2})(?![0-9])")
_ENDS = " /:;,="
_UNKNOWN = re.compile(r"[\[(（]?\s*(?:s\.\s*[nl]\.?|出版者不详|出版地不详|\?)\s*[\])）]?[?.,:]*", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the text in NFC, without control characters and ISBD signs at its ends, blanks single.

    The wide blanks that some systems put between hanzi words are left out: 鲁　迅 is shown as 鲁迅.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    elif "  " not in text and text.isprintable():
        return text.strip(_ENDS)
    if _ODD.search(text):
        text = _BLANKS.sub(" ", _WIDE_GAP.sub("", _CONTROLS.sub("", text)))
    return text.strip(_ENDS)


@lru_cache(maxsize=20_000)
def statement(text: str) -> str:
    """Return a cleaned text without its final full stop (a name, a title); initials and ellipses keep theirs."""
    cleaned = clean(text)
    if cleaned.endswith((".", "。", "．")) and not cleaned.endswith(("..", "…")) and cleaned[-3:-2] not in {" ", "."}:
        return cleaned[:-1].rstrip(_ENDS)
    return cleaned


def known(text: str) -> str:
    """Return the text, or the empty string where it only says that nobody knows ([s.n.], 出版者不详)."""
    return "" if _UNKNOWN.fullmatch(text) else text.strip("[]") if text.startswith("[") and text.endswith("]") else text


def has_hanzi(text: str) -> bool:
    """Whether Chinese characters or kana stand in the text."""
    return not text.isascii() and _HAS_HANZI.search(text) is not None


def year_in(text: str) -> int | None:
    """Return the last year from 1000 to 2099 in a date as printed (民國87 [1998]), else None."""
    years = _YEAR.findall(text)
    return int(years[-1]) if years else None


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that are not empty, once each, in order."""
    return tuple(dict.fromkeys(text for text in texts if text))
