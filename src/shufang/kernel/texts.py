"""Texts that come from outside, made such that every database takes them."""

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
REPLACEMENT = "�"


def storable(text: str) -> str:
    """Return a text with U+FFFD for NUL, which PostgreSQL refuses, and for lone surrogates, which no encoding has."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub(REPLACEMENT, text)
