"""The SQLite backend: every outermost write transaction, and every single write outside of one, waits for its turn."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from sqlite3 import Connection
from typing import Self, cast

from django.db.backends.sqlite3 import base

from shufang.database.turns import Turn

_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "REPLAC"})


class QueuedCursor(base.SQLiteCursorWrapper):
    """A cursor whose single writes in autocommit take a turn too (a save outside of `atomic`)."""

    turn: Turn | None = None

    def execute(self, query: str, params: object = None) -> Self:
        """Run one statement with Django's `%s` parameters."""
        values = cast("Iterable[object] | None", params)
        if self.turn is None or self.connection.in_transaction or query.lstrip()[:6].upper() not in _WRITES:
            super().execute(query, values)
        else:
            with _taken(self.turn):
                super().execute(query, values)
        return self

    def convert_query(self, query: str, *, param_names: Iterable[str] | None = None) -> str:
        """Turn Django's `%s` into SQLite's `?`; the few texts of the hot path are turned once."""
        if param_names is not None:
            return str(super().convert_query(query, param_names=param_names))
        return _with_question_marks(query)

    def executemany(self, query: str, param_list: object) -> Self:
        """Run one statement for each row of parameters."""
        rows = cast("Iterable[Iterable[object]]", param_list)
        if self.turn is None or self.connection.in_transaction or query.lstrip()[:6].upper() not in _WRITES:
            super().executemany(query, rows)
        else:
            with _taken(self.turn):
                super().executemany(query, rows)
        return self


@lru_cache(maxsize=512)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


@contextmanager
def _taken(turn: Turn) -> Iterator[None]:
    turn.take()
    try:
        yield
    finally:
        turn.release()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection whose write transactions queue fairly over all threads and processes."""

    _turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, object]) -> Connection:
        """Open the file and its lock files; a database in memory has no queue."""
        connection: Connection = super().get_new_connection(conn_params)
        name = str(conn_params["database"])
        if ":memory:" not in name and "mode=memory" not in name:
            self._turn = Turn(Path(name))
        return connection

    def create_cursor(self, name: str | None = None) -> QueuedCursor:
        """Return a cursor that knows whose turn it is; `name` is for engines with server-side cursors."""
        del name
        cursor: QueuedCursor = self.connection.cursor(factory=QueuedCursor)
        cursor.turn = self._turn
        return cursor

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:  # noqa: FBT001, FBT002  # Django's signature
        """Begin a transaction after taking the turn, or go back to autocommit and let the next writer in."""
        if autocommit or self._turn is None:
            try:
                super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
            finally:
                self._release()
            return
        self._turn.take()
        try:
            super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        except BaseException:
            self._release()
            raise

    def commit(self) -> None:
        """Commit, then let the next writer in (not when the commit failed: a rollback follows)."""
        super().commit()
        self._release()

    def rollback(self) -> None:
        """Roll back, then let the next writer in."""
        try:
            super().rollback()
        finally:
            self._release()

    def close(self) -> None:
        """Close the file and its lock files."""
        try:
            super().close()
        finally:
            if self._turn is not None and self.connection is None:
                self._turn.close()
                self._turn = None

    def _release(self) -> None:
        if self._turn is not None:
            self._turn.release()
