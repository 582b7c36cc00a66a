"""A small index of the most popular titles on PostgreSQL, which answers for words that very many titles have.

GIN cannot stop after the first hits; an index that ends at a rank can. It is a partial index, so that PostgreSQL itself
keeps it true; the rank where it ends stands in its comment, where `catalogue_search_ranks` (migration 0012) reads it.
"""

from django.db import connection, transaction

POPULAR = 25_000
"""The index is to have so many titles: enough for the `CONSIDERED` hits of a word that every fifth title has."""
_TOLERANCE = 1.6
"""It is made anew only when it has so many times as many titles, or as few."""
_NAME = "catalogue_searchdocument_popular"


def renew() -> bool:
    """Make the index anew where popularity or new titles have moved its end away from `POPULAR`. Say whether it was.

    A catalogue of less than twice as many titles gets none. Writers of search documents wait about a second.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')::bigint", [_NAME])
        old: int | None = cursor.fetchone()[0]
        end = None if _rank_at(2 * POPULAR) is None else _rank_at(POPULAR)
        if old == end or (old is not None and end is not None and _still_fits(old)):
            return False
        cursor.execute(f"DROP INDEX IF EXISTS {_NAME}")
        if end is not None:
            cursor.execute(
                f"CREATE INDEX {_NAME} ON catalogue_searchdocument USING gin (vector) WHERE rank + 0 <= {end}"
            )
            cursor.execute(f"COMMENT ON INDEX {_NAME} IS '{end}'")
        return True


def _still_fits(end: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_searchdocument WHERE rank <= %s", [end])
        (titles,) = cursor.fetchone()
    return bool(POPULAR / _TOLERANCE <= titles <= POPULAR * _TOLERANCE)


def _rank_at(place: int) -> int | None:
    """Return the rank of a place in the order, counted from 1."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rank FROM catalogue_searchdocument ORDER BY rank OFFSET %s LIMIT 1", [place - 1])
        row = cursor.fetchone()
        return None if row is None else row[0]
