"""The index on PostgreSQL: a `tsvector` with GIN. We write it as a literal; PostgreSQL never parses a text.

A token of the title stands there once as it is and once with `<` before it, one of the author with `>`: GIN then answers
for a field alone without reading the rows again. Two syllables or two bigrams of hanzi side by side stand there as one
more lexeme (~zhong~guo, 中国国史) for the same reason.
"""

from collections.abc import Sequence
from itertools import pairwise

from django.db import connection

from shufang.catalogue.search import popular
from shufang.catalogue.search.document import Document
from shufang.catalogue.search.phrases import Field, Phrase, Words
from shufang.catalogue.search.tokens import GAP, is_cjk

_SIGNS: dict[Field, tuple[str, ...]] = {"any": ("",), "title": ("<",), "author": ("<", ">")}
_NO_BOUND = 2**63 - 1


def add(rows: Sequence[tuple[int, int, Document]]) -> None:
    """Add documents that are not in the index: (rank, id of the title, document), by rising rank.

    GIN sorts what it has collected in `work_mem`; in too little of it, several times over. A transaction must be open.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.executemany(
            "INSERT INTO catalogue_searchdocument(rank, title_id, vector, in_title, in_author, in_rest, title_key, "
            "title_pinyin, title_initials, author_key, author_pinyin, author_initials) "
            "VALUES(%s, %s, %s::tsvector, '', '', '', %s, %s, %s, %s, %s, %s)",
            [
                (
                    rank, title_id, tsvector(said), said.title_key, said.title_pinyin, said.title_initials,
                    said.author_key, said.author_pinyin, said.author_initials,
                )
                for rank, title_id, said in rows
            ],
        )  # fmt: skip


def move(moves: Sequence[tuple[int, int]]) -> None:
    """Give documents new ranks: (old, new), by rising old rank."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE catalogue_searchdocument SET rank = %s WHERE rank = %s", [(new, old) for old, new in moves]
        )


def settle() -> None:
    """Empty GIN's list of waiting inserts, tell the planner what the table has become, index the popular titles anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('catalogue_searchdocument_vector'::regclass)")
        cursor.execute("ANALYZE catalogue_searchdocument")
    popular.renew()


def tsvector(said: Document) -> str:
    """Return the literal of all tokens and their places (PostgreSQL documentation, 8.11.1). No token holds a quote."""
    places: dict[str, list[str]] = {}
    pairs: dict[str, None] = {}
    place = 0
    for sign, column in (("<", said.in_title), (">", said.in_author), ("", said.in_rest)):
        before = ""
        for token in column.split():
            place += 1
            if token == GAP:
                before = ""
                continue
            at = str(place)
            places.setdefault(token, []).append(at)
            if sign:
                places.setdefault(sign + token, []).append(at)
            if _is_pair(before, token):
                pairs[before + token] = pairs[sign + before + token] = None
            before = token
        place += 1
    return " ".join([f"'{token}':{','.join(at)}" for token, at in places.items()] + [f"'{pair}'" for pair in pairs])


def _is_pair(one: str, other: str) -> bool:
    """Say whether two neighbouring tokens are one more lexeme: syllables, or bigrams of hanzi (no token of them is longer)."""
    if not one:
        return False
    if one[0] == "~":
        return other[0] == "~"
    return len(one) == len(other) == 2 and one[1] == other[0] and all(map(is_cjk, one + other))


def ranks(words: Words, field: Field, *, last: int | None, limit: int) -> list[int]:
    """Return, by rising rank up to `last`, at most `limit` ranks of titles that have all words in a field."""
    candidates, exact = tsquery(words, field, side_by_side=False), tsquery(words, field)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM catalogue_search_ranks(%s::tsquery, %s::tsquery, %s, %s)",
            [candidates, None if exact == candidates else exact, _NO_BOUND if last is None else last, limit],
        )
        return [rank for (rank,) in cursor.fetchall()]


def tsquery(words: Words, field: Field, *, side_by_side: bool = True) -> str:
    """Return the `tsquery` (PostgreSQL documentation, 8.11.2) of words in a field and facets anywhere.

    Where the tokens of a phrase need not stand `side_by_side`, GIN alone answers; more titles may fit then.
    """
    parts = [
        "("
        + " | ".join(" & ".join(_phrase(phrase, field, side_by_side=side_by_side) for phrase in way) for way in ways)
        + ")"
        for ways in words.ways
    ]
    parts.extend("(" + " | ".join(map(_quoted, group)) + ")" for group in words.facets)
    return " & ".join(parts)


def _phrase(phrase: Phrase, field: Field, *, side_by_side: bool) -> str:
    ways = [_phrase_in(phrase, sign, side_by_side=side_by_side) for sign in _SIGNS[field]]
    return ways[0] if len(ways) == 1 else f"({' | '.join(ways)})"


def _phrase_in(phrase: Phrase, sign: str, *, side_by_side: bool) -> str:
    said = [_quoted(sign + token) for token in phrase.tokens]
    if phrase.is_open:
        said[-1] += ":*"
    pairs = {
        place: _quoted(sign + one + other)
        for place, (one, other) in enumerate(pairwise(phrase.tokens))
        if _is_pair(one, other)
    }
    if len(said) == 1:
        return said[0]
    if pairs and len(said) == 2:
        return pairs[0]
    if side_by_side:
        return f"({'<->'.join(said)})"
    alone = [token for place, token in enumerate(said) if place not in pairs and place - 1 not in pairs]
    return f"({' & '.join([*pairs.values(), *alone])})"


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
