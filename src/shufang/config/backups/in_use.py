"""Whether a database has been begun, asked without Django: the settings ask before they make keys."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from shufang.config.backups import postgresql
from shufang.config.backups.manifest import BackupError

_BEGUN = "django_migrations"


def is_in_use(database: Mapping[str, object]) -> bool:
    """Say whether a database of Django's settings has our tables. ValueError when it does not answer."""
    if "postgresql" in str(database["ENGINE"]):
        try:
            with closing(postgresql.connect(database)) as server:
                return server.execute("SELECT to_regclass(%s)", [_BEGUN]).fetchone() != (None,)
        except BackupError as error:
            raise ValueError(f"there is no key file, and whether it needs one is not known. {error}") from error
    file = Path(str(database["NAME"]))
    if not file.exists() or not file.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as opened:
            asked = opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [_BEGUN])
            return asked.fetchone() is not None
    except sqlite3.Error:
        return True  # it is not empty, and whose it is cannot be read
