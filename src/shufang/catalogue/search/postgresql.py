"""The index on PostgreSQL: a `tsvector` with GIN. We write it as a literal; PostgreSQL never parses a text.

A token of the title stands there once as it is and once with `<` before it, one of the author with `>`: GIN then answers
for a field alone without reading the rows again. Two syllables side by side stand there as one more lexeme (~zhong~guo)
for the same reason.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.db import connection

from shufang.catalogue.search.document import Document
from shufang.catalogue.search.phrases import Field, Phrase, Words
from shufang.catalogue.search.tokens import GAP

_SIGNS: dict[Field, tuple[str, ...]] = {"any": ("",), "title": ("<",), "author": ("<", ">")}
_STEPS = (6_000, 30_000)
"""For a phrase, vectors are read: of so many of the most popular titles first, then of so many, then of all."""
_STEP_SHARE = 8
"""The next step is worth its while only if this one found at least one of so many of the hits that are wanted."""
_NO_BOUND = 2**63 - 1


def add(rows: Sequence[tuple[int, int, Document]]) -> None:
    """Add documents that are not in the index: (rank, id of the title, document), by rising rank."""
    with connection.cursor() as cursor:
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
    """Empty GIN's list of waiting inserts and tell the planner what the table has become."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('catalogue_searchdocument_vector'::regclass)")
        cursor.execute("ANALYZE catalogue_searchdocument")


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
            if before and token[0] == "~":
                pairs[before + token] = pairs[sign + before + token] = None
            before = token if token[0] == "~" else ""
        place += 1
    return " ".join([f"'{token}':{','.join(at)}" for token, at in places.items()] + [f"'{pair}'" for pair in pairs])


def ranks(words: Words, field: Field, *, last: int | None, limit: int) -> list[int]:
    """Return, by rising rank up to `last`, at most `limit` ranks of titles that have all words in a field."""
    query = tsquery(words, field)
    if last is not None:
        return _ranks(query, last, limit)
    for step in _bounds() if "<->" in query else ():
        found = _ranks(query, step, limit)
        if len(found) >= limit:
            return found
        if len(found) * _STEP_SHARE < limit:
            break
    return _ranks(query, _NO_BOUND, limit)


def tsquery(words: Words, field: Field) -> str:
    """Return the `tsquery` (PostgreSQL documentation, 8.11.2) of words in a field and facets anywhere."""
    parts = [
        "(" + " | ".join(" & ".join(_phrase(phrase, field) for phrase in way) for way in ways) + ")"
        for ways in words.ways
    ]
    parts.extend("(" + " | ".join(map(_quoted, group)) + ")" for group in words.facets)
    return " & ".join(parts)


def _ranks(query: str, last: int, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM catalogue_search_ranks(%s::tsquery, %s, %s)", [query, last, limit])
        return [rank for (rank,) in cursor.fetchall()]


def _bounds() -> Iterator[int]:
    for step in _STEPS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rank FROM catalogue_searchdocument ORDER BY rank OFFSET %s LIMIT 1", [step])
            row = cursor.fetchone()
        if row is None:
            return
        yield row[0]


def _phrase(phrase: Phrase, field: Field) -> str:
    ways = [_phrase_in(phrase, sign) for sign in _SIGNS[field]]
    return ways[0] if len(ways) == 1 else f"({' | '.join(ways)})"


def _phrase_in(phrase: Phrase, sign: str) -> str:
    tokens = phrase.tokens
    said = "<->".join(_quoted(sign + token) for token in tokens) + (":*" if phrase.is_open else "")
    pairs = [_quoted(sign + one + other) for one, other in pairwise(tokens) if one[0] == other[0] == "~"]
    if pairs and len(tokens) == 2:
        return pairs[0]
    return f"({' & '.join([*pairs, f'({said})'])})" if len(tokens) > 1 else said


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
