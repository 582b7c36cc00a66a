"""Suggestions while somebody types: titles and authors that begin so, in hanzi of any script, pinyin or initials."""

from dataclasses import dataclass

from django.db import connection

from shufang.catalogue.models import Title
from shufang.catalogue.search import tokens
from shufang.catalogue.search.document import suggestion_keys
from shufang.catalogue.search.indexable import KEY_LENGTH
from shufang.catalogue.search.rank import title_of

MOST_SUGGESTIONS = 20
_LEAST_LETTERS = 2
"""Fewer Latin letters begin too many titles to suggest some."""
_LOOKED_AT = 200
"""So many titles are looked at for different texts: an author has many."""
_LAST_SIGN = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to search for. `kind` is `title` or `author`; `title_id` is the most popular title that has it."""

    text: str
    kind: str
    title_id: int


def suggest(text: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
    """Return titles, then authors, that begin with `text`: the most popular ones, half of `limit` authors at most.

    Four queries at most. ValueError for a `limit` not from 1 to `MOST_SUGGESTIONS`.
    """
    if not 1 <= limit <= MOST_SUGGESTIONS:
        raise ValueError(f"{limit} suggestions cannot be made")
    keys = _keys(text)
    if not keys:
        return ()
    authors = _first_ranks("author", keys, limit)
    titles = _first_ranks("title", keys, limit)
    authors = authors[: max(limit // 2, limit - len(titles))]
    found = Title.objects.in_bulk([title_of(rank) for rank in (*titles, *authors)])
    said = [(found.get(title_of(rank)), "title") for rank in titles[: limit - len(authors)]]
    said += [(found.get(title_of(rank)), "author") for rank in authors]
    return tuple(
        Suggestion(title.title if kind == "title" else title.author, kind, title.id)
        for title, kind in said
        if title is not None
    )


def _keys(text: str) -> dict[str, str]:
    """Return the beginnings to look for by the column (without `title_` or `author_`) to look in."""
    pieces = tokens.runs(text)
    key = suggestion_keys(pieces)[0]
    if not key:
        return {}
    if tokens.has_cjk(pieces):
        return {"key": key}
    letters = "".join(sign for sign in key if sign.isalnum()).replace("v", "u")[:KEY_LENGTH]
    if len(letters) < _LEAST_LETTERS:
        return {}
    return {"key": key, "pinyin": letters, "initials": letters}


def _first_ranks(what: str, keys: dict[str, str], limit: int) -> list[int]:
    """Return the ranks of the most popular titles, one for each text, whose title or author begins with a key."""
    least, below = ("~>=~", "~<~") if connection.vendor == "postgresql" else (">=", "<")
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for column, key in keys.items():
            name = f"{what}_{column}"
            cursor.execute(
                f"SELECT {what}_key, rank FROM catalogue_searchdocument WHERE rank IN (SELECT rank "  # noqa: S608  # our names
                f"FROM catalogue_searchdocument WHERE {name} <> '' AND {name} {least} %s AND {name} {below} %s "
                "ORDER BY rank LIMIT %s) ORDER BY rank",
                [key, key + _LAST_SIGN, _LOOKED_AT],
            )
            for said, rank in cursor.fetchall():
                found.setdefault(said, rank)
    return sorted(found.values())[:limit]
