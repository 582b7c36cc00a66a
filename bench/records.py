"""The real records that the benchmark works on: the Library of Congress's Chinese ones, or the demo's selection of them."""

import lzma
import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent
_SHARED = Path(os.environ.get("SHUFANG_TEST_DATA", _HERE.parent / "shared" / "data"))


_SHIPPED = _HERE / "src" / "shufang" / "demo" / "records.mrc.xz"


def unpacked(folder: Path) -> Path:
    """Write the records unpacked into `folder` and return the file."""
    packed = _SHARED / "marc" / "loc_chinese_8030.mrc.xz"
    return _unpacked(packed if packed.is_file() else _SHIPPED, folder)


def shipped(folder: Path) -> Path:
    """Write the demonstration's records (about 3,000) unpacked into `folder` and return the file."""
    return _unpacked(_SHIPPED, folder)


def _unpacked(packed: Path, folder: Path) -> Path:
    path = folder / packed.name.removesuffix(".xz")
    if not path.is_file():
        path.write_bytes(lzma.decompress(packed.read_bytes()))
    return path
