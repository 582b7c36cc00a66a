"""The SQLite backend: every outermost write transaction, and every single write outside of one, waits for its turn."""

from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection

from django.db.backends.sqlite3 import base

from shufang.database.turns import Turn

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")


class QueuedCursor(base.SQLiteCursorWrapper):
    """A cursor whose single writes in autocommit take a turn too (a save outside of `atomic`)."""

    turn: Turn | None = None

    def execute(self, query, params=None):  # type: ignore[no-untyped-def]  # django-stubs has no types for this class
        """Run one statement."""
        return self._queued(query, lambda: super(QueuedCursor, self).execute(query, params))

    def executemany(self, query, param_list):  # type: ignore[no-untyped-def]
        """Run one statement for each row of parameters."""
        return self._queued(query, lambda: super(QueuedCursor, self).executemany(query, param_list))

    def _queued(self, query: str, run: Callable[[], object]) -> object:
        alone = self.turn is not None and not self.connection.in_transaction
        if not alone or query.lstrip()[:6].upper() not in _WRITES:
            return run()
        assert self.turn is not None
        self.turn.take()
        try:
            return run()
        finally:
            self.turn.release()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection whose write transactions queue fairly over all threads and processes."""

    _turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, object]) -> Connection:
        """Open the file and its lock files; a database in memory has no queue."""
        connection = super().get_new_connection(conn_params)
        name = str(conn_params["database"])
        if ":memory:" not in name and "mode=memory" not in name:
            self._turn = Turn(Path(name))
        return connection

    def create_cursor(self, name: str | None = None) -> QueuedCursor:
        """Return a cursor that knows whose turn it is."""
        cursor = self.connection.cursor(factory=QueuedCursor)
        cursor.turn = self._turn
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if self._turn is not None:
            self._turn.take()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._release()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._release()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._release()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self._turn is not None:
                self._turn.close()
                self._turn = None

    def _release(self) -> None:
        if self._turn is not None:
            self._turn.release()
