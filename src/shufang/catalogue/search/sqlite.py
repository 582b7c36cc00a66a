"""The index on SQLite: an FTS5 table that reads the documents' `in_…` columns; its row ids are the ranks."""

from collections.abc import Sequence

from django.db import connection, transaction

from shufang.catalogue.search.document import Document
from shufang.catalogue.search.phrases import Field, Phrase, Words, initials_of

_COLUMNS = {"any": "", "title": "in_title : ", "author": "{in_title in_author} : "}
_MERGED_PAGES = 200


def add(rows: Sequence[tuple[int, int, Document]]) -> None:
    """Add documents that are not in the index: (rank, id of the title, document), by rising rank.

    FTS5 keeps what a transaction adds in memory only while the row ids rise.
    """
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO catalogue_searchdocument(rank, title_id, in_title, in_author, in_rest, title_key, "
            "title_pinyin, title_initials, author_key, author_pinyin, author_initials) "
            "VALUES(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    rank, title_id, said.in_title, said.in_author, said.in_rest, said.title_key, said.title_pinyin,
                    said.title_initials, said.author_key, said.author_pinyin, said.author_initials,
                )
                for rank, title_id, said in rows
            ],
        )  # fmt: skip
        _insert(rows=[(rank, said.in_title, said.in_author, said.in_rest) for rank, _, said in rows])


def move(moves: Sequence[tuple[int, int]]) -> None:
    """Give documents new ranks: (old, new), by rising old rank."""
    new = dict(moves)
    marks = ", ".join(["%s"] * len(moves))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rank, in_title, in_author, in_rest FROM catalogue_searchdocument WHERE rank IN ({marks}) "  # noqa: S608  # placeholders
            "ORDER BY rank",
            list(new),
        )
        texts: list[tuple[int, str, str, str]] = cursor.fetchall()
        cursor.executemany(
            "INSERT INTO catalogue_searchindex(catalogue_searchindex, rowid, in_title, in_author, in_rest) "
            "VALUES('delete', %s, %s, %s, %s)",
            texts,
        )
        cursor.executemany(
            "UPDATE catalogue_searchdocument SET rank = %s WHERE rank = %s", [(new[row[0]], row[0]) for row in texts]
        )
    _insert(rows=sorted((new[rank], *said) for rank, *said in texts))


def settle() -> None:
    """Merge FTS5's segments, a few pages a transaction, until nothing is left to merge."""
    merged = True
    while merged:
        with transaction.atomic(), connection.cursor() as cursor:
            before = connection.connection.total_changes
            cursor.execute(
                "INSERT INTO catalogue_searchindex(catalogue_searchindex, rank) VALUES('merge', %s)", [_MERGED_PAGES]
            )
            merged = connection.connection.total_changes - before >= 2


def ranks(words: Words, field: Field, *, last: int | None, limit: int) -> list[int]:
    """Return, by rising rank up to `last`, at most `limit` ranks of titles that have all words in a field."""
    bound = "" if last is None else "AND rowid <= %s "
    parameters: list[str | int] = [expression(words, field), *([] if last is None else [last]), limit]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM catalogue_searchindex WHERE catalogue_searchindex MATCH %s {bound}"  # noqa: S608  # a constant
            "ORDER BY rowid LIMIT %s",
            parameters,
        )
        return [rank for (rank,) in cursor.fetchall()]


def expression(words: Words, field: Field) -> str:
    """Return the FTS5 expression (SQLite documentation, FTS5, section 3) of words in a field."""
    parts = [f"({_COLUMNS[field]}({' AND '.join(map(_word, words.ways))}))"] if words.ways else []
    parts += [f"({' OR '.join(map(_quoted, tokens))})" for tokens in words.facets]
    return " AND ".join(parts)


def _word(ways: Sequence[Sequence[Phrase]]) -> str:
    return f"({' OR '.join('(' + ' AND '.join(map(_phrase, way)) + ')' for way in ways)})"


def _phrase(phrase: Phrase) -> str:
    said = _quoted(" ".join(phrase.tokens)) + (" *" if phrase.is_open else "")
    hints = initials_of(phrase.tokens)
    return f"({' AND '.join([*map(_quoted, hints), said])})" if hints else said


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _insert(*, rows: Sequence[tuple[int | str, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO catalogue_searchindex(rowid, in_title, in_author, in_rest) VALUES(%s, %s, %s, %s)", rows
        )
