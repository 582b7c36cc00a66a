"""Backing up and restoring the embedded SQLite database."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from shufang.config.backups.contents import Ask
from shufang.config.backups.manifest import BackupError

FILE = "shufang.sqlite3"
_PAGES = 2000  # copied at a time, so that writers never wait longer than these take


def copy(source: Path, target: Path) -> None:
    """Copy a database that is being written to, as it stood at one moment, into a single file on the disk."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=20)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        there.execute("PRAGMA synchronous=FULL")
        here.execute("BEGIN")  # one moment: what is written from now on is not copied
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
        here.backup(there, pages=_PAGES)
        there.execute("PRAGMA journal_mode=DELETE")
    flush(target)


def verify(path: Path) -> None:
    """Read a copy back: every page, every index, every foreign key. BackupError says what is wrong."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise BackupError(f"{path} is damaged: {found}.")
            orphan = database.execute("PRAGMA foreign_key_check").fetchone()
            if orphan is not None:
                raise BackupError(f"{path} is damaged: a row of {orphan[0]} points to nothing in {orphan[2]}.")
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} cannot be read: {error}.") from error


def asker(database: sqlite3.Connection) -> Ask:
    """Return what runs a query on a connection."""
    return lambda sql: database.execute(sql).fetchall()


def put_in_place(copied: Path, current: Path, now: datetime) -> Path | None:
    """Put a verified copy where the database is, at once; return where the old one is kept (None: there was none).

    BackupError when anybody has the database open. `copied` must lie on the same disk as `current`.
    """
    kept: Path | None = None
    if current.exists():
        _close_log(current)
        kept = current.with_name(f"{current.name}.before-restore-{now:%Y%m%d-%H%M%S}")
        os.link(current, kept)
        kept.chmod(0o600)
    copied.replace(current)
    flush(current.parent)
    return kept


def _close_log(path: Path) -> None:
    """Fold the write-ahead log into the file, which only succeeds when nobody else has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as database:
            mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise BackupError(f"{path} is in use. Stop every server and command on it, then restore again.") from error
    except sqlite3.DatabaseError:
        return  # it is damaged: that is what it is being replaced for
    if mode != "delete":
        raise BackupError(f"{path} is in use. Stop every server and command on it, then restore again.")


def flush(path: Path) -> None:
    """Force a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
