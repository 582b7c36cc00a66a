"""The keys that lie outside the database: Django's secret key and the keys of the hashes of PINs, identities and logs.

They stand in one JSON file that only the owner may read. Whoever has the database alone can undo no hash; whoever
loses the file loses every PIN and every identity hash, so `backup` names it.
"""

import json
import os
import secrets
from pathlib import Path

NAMES = ("secret_key", "pin_key", "identity_key", "log_key")


def load_or_create(path: Path) -> dict[str, str]:
    """Return the keys of `path`, made on first use (mode 0600, whole or not at all). ValueError when it is damaged."""
    if not path.exists():
        _create(path)
    try:
        keys = json.loads(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise ValueError(f"the key file {path} is damaged; bring it back from a backup") from error
    if not isinstance(keys, dict) or not all(isinstance(keys.get(name), str) and keys[name] for name in NAMES):
        raise ValueError(f"the key file {path} is damaged; bring it back from a backup")
    return {name: keys[name] for name in NAMES}


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump({name: secrets.token_hex(32) for name in NAMES}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # the first of two processes wins, the other uses what is there
    except FileExistsError:
        pass
    finally:
        draft.unlink()
