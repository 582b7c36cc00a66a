"""What an invariant is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule that no row may break.

    `sql` is one SELECT that runs on SQLite and PostgreSQL alike and returns the rows that break it; its columns fill
    `sentence` in their order. The first column is the id of the row at fault.
    """

    name: str
    sentence: str
    sql: str
