"""Copies of the keys, apart from the backups: one file each set of keys, and a note of where the last copy went."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from shufang.config.backups.manifest import BackupError
from shufang.config.backups.sqlite import flush
from shufang.config.keys import check_of, load

_NOTE = "key_copy.json"


@dataclass(frozen=True, slots=True)
class KeyCopy:
    """Where the keys in use were copied to last, and when."""

    path: Path
    at: datetime


def name_of(check: str) -> str:
    """Return the file name of a copy of the keys with this check value."""
    return f"shufang-keys-{check[:8]}.json"


def copy_keys(folder: Path, backups: Path, now: datetime) -> Path:
    """Copy the keys into `folder` (mode 0600) and note it. BackupError when it cannot be, or lies among the backups."""
    where = folder.expanduser().resolve()
    if where == backups.resolve() or backups.resolve() in where.parents:
        raise BackupError(f"{where} is where the backups are. The keys belong in another place than the database.")
    path = where / name_of(settings.SHUFANG_KEY_CHECK)
    try:
        if not path.exists() or check_of(load(path)) != settings.SHUFANG_KEY_CHECK:
            write(path, settings.SHUFANG_KEYS_FILE.read_bytes())
        note = {"path": str(path), "at": now.isoformat(timespec="seconds"), "check": settings.SHUFANG_KEY_CHECK}
        write(settings.SHUFANG_DATA / _NOTE, json.dumps(note).encode())
    except (OSError, ValueError) as error:
        raise BackupError(f"The keys cannot be copied to {where}: {error}.") from error
    return path


def last_copy() -> KeyCopy | None:
    """Return the last copy of the keys in use that was made from here."""
    try:
        told = json.loads((settings.SHUFANG_DATA / _NOTE).read_text(encoding="utf-8"))
        if told["check"] != settings.SHUFANG_KEY_CHECK:
            return None
        return KeyCopy(Path(told["path"]), datetime.fromisoformat(told["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def checked(path: Path) -> str:
    """Return the check value of a key file. BackupError when it is none."""
    try:
        return check_of(load(path))
    except (OSError, ValueError) as error:
        raise BackupError(f"{path} cannot be used: {error}.") from error


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner alone, down to the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            target.write(content)
        flush(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    flush(path.parent)
