"""What a query asks for, engine-free: phrases of tokens, joined by AND and OR."""

from dataclasses import dataclass
from typing import Literal

Field = Literal["any", "title", "author"]
"""Where words are looked for: everywhere, in title and volume, in title, volume, author and responsibility."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand side by side. `is_open`: the last one is only the beginning of a token."""

    tokens: tuple[str, ...]
    is_open: bool = False


Way = tuple[Phrase, ...]
"""Phrases that must all be found."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words that must all be found; each in one of its ways. `facets`: one token of each group must be found."""

    ways: tuple[tuple[Way, ...], ...]
    facets: tuple[tuple[str, ...], ...] = ()
