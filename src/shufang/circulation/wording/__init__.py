"""The sentences of the house, Chinese and English: say what is, then what to do. Short, spoken, no blame.

A single sentence takes no full stop. Where the values of a refusal may be absent, the last variant needs none.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """One thing said in both languages; more than one variant: the first whose values are all there is taken."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]


def words(chinese: str | tuple[str, ...], english: str | tuple[str, ...]) -> Words:
    """Return the words of one thing; a text alone is its only variant."""
    return Words(
        (chinese,) if isinstance(chinese, str) else chinese, (english,) if isinstance(english, str) else english
    )


Wording = Mapping[str, Words]
