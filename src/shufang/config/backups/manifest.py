"""What a backup says about itself: manifest.json beside its files."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

NAME = "manifest.json"
FORMAT = 2


class BackupError(Exception):
    """A backup that cannot be made, read or restored; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`keys` is the check value of the keys that belong to it, which are not in it. `files` maps names to SHA-256 digests in hex; `tables` maps tables to their numbers of rows when it was made."""

    made_at: datetime
    version: str
    engine: str
    keys: str
    migrations: tuple[str, ...]
    files: dict[str, str]
    tables: dict[str, int]

    def write(self, folder: Path) -> None:
        """Write the manifest into a backup's folder."""
        told = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat(timespec="seconds")}
        (folder / NAME).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup after checking the digest of each of its files. BackupError says what is wrong."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if told["format"] < FORMAT:
            raise BackupError(f"{folder} is a backup of a version before 0.1.0; restore it with that version.")
        if told["format"] > FORMAT:
            raise BackupError(f"{folder} is a backup of a newer Shufang; restore it with that version.")
        manifest = Manifest(
            made_at=datetime.fromisoformat(told["made_at"]),
            version=str(told["version"]),
            engine=str(told["engine"]),
            keys=str(told["keys"]),
            migrations=tuple(told["migrations"]),
            files=dict(told["files"]),
            tables=dict(told["tables"]),
        )
    except FileNotFoundError as error:
        raise BackupError(f"{folder} is no backup: it has no {NAME}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder / NAME} is damaged.") from error
    for name, expected in manifest.files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise BackupError(f"{folder} is not whole: {name} is missing.")
        if digest(path) != expected:
            raise BackupError(f"{path} is damaged: its content is not what was written.")
    return manifest


def digest(path: Path) -> str:
    """Return the SHA-256 digest of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
