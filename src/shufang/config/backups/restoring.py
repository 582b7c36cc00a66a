"""Restoring a backup: verified and tried beside the current database first, then exchanged at once."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from shufang.config.backups import key_copies, postgresql, sqlite
from shufang.config.backups.contents import Ask, row_counts
from shufang.config.backups.in_use import is_in_use
from shufang.config.backups.manifest import BackupError, Manifest, read
from shufang.kernel.claim import AlreadyClaimedError, Claim


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: where the database and the keys of before are kept, if there were any that differed."""

    manifest: Manifest
    kept: str | None
    kept_keys: Path | None


def restore(folder: Path, now: datetime, *, keys: Path | None) -> Restored:
    """Put a backup in the place of the database. BackupError, and nothing has changed.

    Refuses a damaged backup, one of another engine or of a newer version, one made with other keys (unless
    `keys` is their file, or the database is still empty and SHUFANG_KEY_COPIES has them: then they are brought too), and while anybody uses the database.
    """
    manifest = read(folder)
    if manifest.engine != connection.vendor:
        raise BackupError(f"This backup is of {manifest.engine}, but the database here is {connection.vendor}.")
    _refuse_newer(manifest)
    other_keys = _other_keys(manifest, keys)
    try:
        claim = Claim(settings.SHUFANG_DATA)
    except AlreadyClaimedError as error:
        raise BackupError(str(error)) from error
    try:
        connections.close_all()
        put = _put_postgresql if connection.vendor == "postgresql" else _put_sqlite
        kept = put(folder, manifest, now)
        return Restored(manifest, kept, _put_keys(other_keys, now) if other_keys else None)
    finally:
        claim.release()


def _other_keys(manifest: Manifest, given: Path | None) -> Path | None:
    """Return the file of the keys to bring; None when those in use are the backup's."""
    if manifest.keys == settings.SHUFANG_KEY_CHECK:
        return None
    name = key_copies.name_of(manifest.keys)
    copies: Path | None = settings.SHUFANG_KEY_COPIES
    if given is None and copies is not None and (copies / name).is_file() and not is_in_use(connection.settings_dict):
        given = copies / name
    if given is None:
        raise BackupError(
            "This backup was made with other keys: without them no PIN and no identity document would be known again. "
            f"Restore with --keys FILE; a copy of them is called {name}."
        )
    if key_copies.checked(given) != manifest.keys:
        raise BackupError(f"{given} has not the keys of this backup either; a copy of them is called {name}.")
    return given


def _refuse_newer(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise BackupError(
            f"This backup is of a newer Shufang ({manifest.version}); this one does not know {unknown[0]}. "
            "Install that version, then restore."
        )


def _put_sqlite(folder: Path, manifest: Manifest, now: datetime) -> str | None:
    current = Path(str(settings.DATABASES["default"]["NAME"]))
    draft = current.with_name(f".{current.name}.restoring.{os.getpid()}")
    try:
        shutil.copyfile(folder / sqlite.FILE, draft)
        draft.chmod(0o600)
        sqlite.flush(draft)
        sqlite.verify(draft)
        with closing(sqlite3.connect(f"{draft.as_uri()}?mode=ro", uri=True)) as database:
            _compare(sqlite.asker(database), manifest)
        kept = sqlite.put_in_place(draft, current, now)
    except OSError as error:
        raise BackupError(f"{current.parent} cannot be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return str(kept) if kept else None


def _put_postgresql(folder: Path, manifest: Manifest, now: datetime) -> str:
    here = settings.DATABASES["default"]
    name = postgresql.restore_beside(here, folder / postgresql.FILE, now)
    try:
        with closing(postgresql.connect(here, name)) as server:
            _compare(lambda query: server.execute(query.encode()).fetchall(), manifest)
        return postgresql.put_in_place(here, name, now)
    except BackupError:
        postgresql.drop(here, name)
        raise


def _compare(ask: Ask, manifest: Manifest) -> None:
    found = row_counts(ask, manifest.tables)
    for table, count in manifest.tables.items():
        if table in found and found[table] != count:
            raise BackupError(f"The backup is not whole: {table} has {found[table]} rows instead of {count}.")


def _put_keys(keys: Path, now: datetime) -> Path:
    current: Path = settings.SHUFANG_KEYS_FILE
    kept = current.with_name(f"{current.name}.before-restore-{now:%Y%m%d-%H%M%S}")
    os.link(current, kept)
    key_copies.write(current, keys.read_bytes())
    return kept
