"""Row locks in the one order of the house: title, then patrons by id, then items by id.

SQLite holds one writer at a time, so there the clause is empty; PostgreSQL takes `FOR NO KEY UPDATE`, which leaves
foreign keys of other rows free to be written.
"""

from django.db import connection


def for_update(of: str = "") -> str:
    """Return the clause that locks the selected rows (of table alias `of`, if given) on this engine, with a leading blank."""
    if connection.vendor != "postgresql":
        return ""
    return f" FOR NO KEY UPDATE OF {of}" if of else " FOR NO KEY UPDATE"
