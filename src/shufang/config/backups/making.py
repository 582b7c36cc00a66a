"""Making a backup: a folder with the database and a manifest, that appears only when it has been read back."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from shufang import __version__
from shufang.config.backups import postgresql, sqlite
from shufang.config.backups.contents import migrations, row_counts
from shufang.config.backups.manifest import BackupError, Manifest, digest

PREFIX = "shufang-"


def make_backup(parent: Path, now: datetime) -> Path:
    """Back up into a new folder of `parent`, while everything runs, and return it. BackupError, and nothing is left."""
    name = f"{PREFIX}{timezone.localtime(now):%Y%m%d-%H%M%S}"
    folder, draft = parent / name, parent / f".{name}.{os.getpid()}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        try:
            _fill(draft, now)
            if folder.exists():
                raise BackupError(f"{folder} is there already. Wait a second, then back up again.")
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        sqlite.flush(parent)
    except OSError as error:
        raise BackupError(f"{parent} cannot be written: {error.strerror or error}.") from error
    return folder


def _fill(draft: Path, now: datetime) -> None:
    fill = _from_postgresql if connection.vendor == "postgresql" else _from_sqlite
    file, applied, tables = fill(draft)
    file.chmod(0o600)
    sqlite.flush(file)
    files = {file.name: digest(file)}
    Manifest(now, __version__, connection.vendor, settings.SHUFANG_KEY_CHECK, applied, files, tables).write(draft)
    sqlite.flush(draft)


def _from_sqlite(draft: Path) -> tuple[Path, tuple[str, ...], dict[str, int]]:
    source, file = Path(str(settings.DATABASES["default"]["NAME"])), draft / sqlite.FILE
    if not source.exists():
        raise BackupError(f"There is no database at {source}.")
    sqlite.copy(source, file)
    sqlite.verify(file)
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as copied:
        ask = sqlite.asker(copied)
        return file, migrations(ask), row_counts(ask, connection.introspection.django_table_names(only_existing=True))


def _from_postgresql(draft: Path) -> tuple[Path, tuple[str, ...], dict[str, int]]:
    """Dump and count in one snapshot, so that the counts are those of the dump."""
    file = draft / postgresql.FILE
    tables = connection.introspection.django_table_names(only_existing=True)
    with closing(postgresql.connect(settings.DATABASES["default"])) as server:
        server.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        ((snapshot,),) = server.execute("SELECT pg_export_snapshot()").fetchall()
        postgresql.dump(settings.DATABASES["default"], str(snapshot), file)

        def ask(query: str) -> list[tuple[object, ...]]:
            return server.execute(query.encode()).fetchall()

        found = (file, migrations(ask), row_counts(ask, tables))
    postgresql.verify(file)
    return found


def oldest_beyond(parent: Path, keep: int) -> list[Path]:
    """Return the backups in `parent` beyond the newest `keep`, oldest first, by their names."""
    found = sorted(path for path in parent.glob(f"{PREFIX}*") if path.is_dir() and (path / "manifest.json").exists())
    return found[:-keep] if keep else []
