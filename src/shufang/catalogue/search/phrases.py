"""What a query asks for, engine-free: phrases of tokens, joined by AND and OR."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shufang.catalogue.search.tokens import WINDOW

Field = Literal["any", "title", "author"]
"""Where words are looked for: everywhere, in title and volume, in title, volume, author and responsibility."""
_SYLLABLES_WITH_INITIALS = 3


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


def initials_of(said: Sequence[str]) -> list[str]:
    """Return the tokens of initials that stand wherever three or more syllables do.

    They are rare and lead an index past most places of single syllables, of which there are only 400.
    """
    sign = "^" if said[0].startswith("^~") else ""
    syllables = [token for token in said if token[0] == "~" and token[-1] != "$"]
    letters = "".join([syllable[1] for syllable in syllables])
    if len(letters) < _SYLLABLES_WITH_INITIALS or (not sign and len(letters) < len(said)):
        return []
    if sign:
        return ["^=" + letters[:WINDOW]] if len(letters) >= WINDOW else []
    size = WINDOW if len(letters) >= WINDOW else 2
    return ["=" + letters[place : place + size] for place in range(len(letters) - size + 1)]
