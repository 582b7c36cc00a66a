"""Row locks of the lending verbs, in the one order of the house: titles, then patrons, then items, each by id.

On PostgreSQL the rows stay locked until the transaction ends; on SQLite the transaction alone is the lock. A row that
does not exist is left out of the answer.
"""

from collections.abc import Iterable

from django.db import connection

from shufang.database.locks import for_update


def lock_titles(ids: Iterable[int]) -> tuple[int, ...]:
    """Lock titles; first of all locks of a transaction. Every hold verb locks its title."""
    return _lock("catalogue_title", ids)


def lock_patrons(ids: Iterable[int]) -> tuple[int, ...]:
    """Lock patrons, after titles and before items."""
    return _lock("patrons_patron", ids)


def lock_items(ids: Iterable[int]) -> tuple[int, ...]:
    """Lock items, after titles and patrons."""
    return _lock("catalogue_item", ids)


def _lock(table: str, ids: Iterable[int]) -> tuple[int, ...]:
    wanted = sorted(set(ids))
    if not wanted:
        return ()
    places = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} WHERE id IN ({places}) ORDER BY id{for_update()}",  # noqa: S608  # names of our own tables
            wanted,
        )
        return tuple(row[0] for row in cursor.fetchall())
