"""Compiling the message catalogues (.po) of the package, so that no system tool is needed and no compiled file is shipped.

The compiled files stand in the data folder, since a package may be installed where nobody can write.
"""

import hashlib
import os
from pathlib import Path


def compiled(source: Path, target: Path) -> Path:
    """Return `target` with a current .mo for each .po under `source`; only what has changed is compiled.

    Each file is replaced whole, so processes that start at the same time do not disturb each other. OSError when
    `target` cannot be written; OSError with a line number when a .po is not well formed.
    """
    for catalogue in sorted(source.glob("*/LC_MESSAGES/*.po")):
        text = catalogue.read_bytes()
        digest = hashlib.sha256(text).hexdigest()
        binary = (target / catalogue.relative_to(source)).with_suffix(".mo")
        note = binary.with_suffix(".sha256")
        if binary.exists() and note.exists() and note.read_text(encoding="ascii") == digest:
            continue
        binary.parent.mkdir(parents=True, exist_ok=True)
        _replace(binary, _compile(text))
        _replace(note, digest.encode("ascii"))
    return target


def _compile(text: bytes) -> bytes:
    import polib  # a process whose catalogues are current does not need it

    binary: bytes = polib.pofile(text.decode("utf-8")).to_binary()
    return binary


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
