"""The keys that lie outside the database: Django's secret key and the keys of the hashes of PINs, identities and logs.

They stand in one JSON file that only the owner may read. Whoever has the database alone can undo no hash; whoever
loses the file loses every PIN and every identity hash. So new keys are made only where the database is empty, and the
database knows a check value of its keys (`KeyCheck`).
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from shufang.kernel.identifiers import keyed_hash

NAMES = ("secret_key", "pin_key", "identity_key", "log_key")


def load_or_create(path: Path, *, may_make: Callable[[], bool], may_make_folder: bool) -> dict[str, str]:
    """Return the keys of `path`, made where there are none and `may_make` says so (mode 0600, whole or not at all).

    ValueError when the file is damaged, or is missing while the database needs it; OSError.
    """
    if not path.exists():
        if not may_make():
            raise ValueError(
                f"there is no key file {path}, but the database is in use, and only its own keys know its PINs. "
                "Name the file that was used before, or bring it back from its copy (docs/operations.md)"
            )
        _create(path, may_make_folder=may_make_folder)
    return load(path)


def load(path: Path) -> dict[str, str]:
    """Return the keys of an existing file. ValueError when it is damaged or none of ours."""
    try:
        keys = json.loads(path.read_text(encoding="ascii"))
        for name in NAMES:
            bytes.fromhex(keys[name]).decode("latin-1")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no key file, or is damaged; bring it back from its copy") from error
    return {name: keys[name] for name in NAMES}


def check_of(keys: Mapping[str, str]) -> str:
    """Return the check value of the keys that what is stored depends on. The others may be made anew at any time."""
    return keyed_hash(bytes.fromhex(keys["pin_key"]), b"key check", bytes.fromhex(keys["identity_key"])).hex()


def _create(path: Path, *, may_make_folder: bool) -> None:
    if may_make_folder:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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
