"""What the disk can do in this run: durable writes a second."""

import os
import time
from pathlib import Path


def syncs_a_second(folder: Path, count: int = 200) -> float:
    """Return how many 4 KiB writes with fdatasync a file in `folder` takes a second."""
    path = folder / "fsync-probe"
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        begin = time.perf_counter()
        for place in range(count):
            os.pwrite(handle, b"x" * 4096, place * 4096)
            os.fdatasync(handle)
        return count / (time.perf_counter() - begin)
    finally:
        os.close(handle)
        path.unlink()
