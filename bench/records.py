"""The real records that the benchmark works on: the Library of Congress's Chinese ones, or the demo's selection of them."""

import lzma
import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent
_SHARED = Path(os.environ.get("SHUFANG_TEST_DATA", _HERE.parent / "shared" / "data"))


def unpacked(folder: Path) -> Path:
    """Write the records unpacked into `folder` and return the file."""
    packed = _SHARED / "marc" / "loc_chinese_8030.mrc.xz"
    if not packed.is_file():
        packed = _HERE / "src" / "shufang" / "demo" / "records.mrc.xz"
    path = folder / packed.name.removesuffix(".xz")
    if not path.is_file():
        path.write_bytes(lzma.decompress(packed.read_bytes()))
    return path
