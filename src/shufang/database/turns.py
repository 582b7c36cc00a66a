"""Whose turn it is to write: a fair queue of writers over all threads and processes of one SQLite file.

SQLite's own waiting polls and is not fair: beside a saturated writer a web write waited 1.5 s at the median. Two lock
files taken in turn (take Q, take W, release Q) make the next writer wait in Q alone, and the kernel wakes it at once.
The kernel releases both when a process dies.
"""

import fcntl
import os
from pathlib import Path


class Turn:
    """A writer's place in the queue of one database file. One object a connection; not shared between threads."""

    __slots__ = ("_held", "_queue", "_write")

    def __init__(self, database: Path) -> None:
        """Open (and create) the lock files beside `database`. OSError when the folder cannot be written."""
        self._held = False
        self._queue = _open(database.with_name(database.name + "-queue"))
        try:
            self._write = _open(database.with_name(database.name + "-write"))
        except OSError:
            os.close(self._queue)
            raise

    def take(self) -> None:
        """Wait until it is this writer's turn. Taking it twice is once."""
        if self._held:
            return
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._write, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)
        self._held = True

    def release(self) -> None:
        """Let the next writer in. Without a turn nothing happens."""
        if self._held:
            self._held = False
            fcntl.flock(self._write, fcntl.LOCK_UN)

    def close(self) -> None:
        """Release and close the lock files."""
        self.release()
        os.close(self._queue)
        os.close(self._write)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
