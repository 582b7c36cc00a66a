"""Which engine's module serves: sqlite.py or postgresql.py. Both do the same and return the same."""

from collections.abc import Sequence
from typing import Protocol

from django.db import connection

from shufang.catalogue.search import postgresql, sqlite
from shufang.catalogue.search.document import Document
from shufang.catalogue.search.phrases import Field, Words


class Engine(Protocol):
    """What each engine's module does."""

    def add(self, rows: Sequence[tuple[int, int, Document]]) -> None:
        """Add documents that are not in the index: (rank, id of the title, document), by rising rank."""

    def move(self, moves: Sequence[tuple[int, int]]) -> None:
        """Give documents new ranks: (old, new), by rising old rank."""

    def settle(self) -> None:
        """Tidy the index after much writing."""

    def ranks(self, words: Words, field: Field, *, last: int | None, limit: int) -> list[int]:
        """Return, by rising rank up to `last`, at most `limit` ranks of titles that have all words in a field."""
        ...


def engine() -> Engine:
    """Return the module of the database's engine."""
    return postgresql if connection.vendor == "postgresql" else sqlite
