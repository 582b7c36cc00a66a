"""One server a data folder: a lock file that the kernel releases when the last process of the server ends."""

import fcntl
import os
from pathlib import Path

NAME = "serve.lock"


class AlreadyClaimedError(Exception):
    """A server runs on this folder; the message is a plain sentence."""


class Claim:
    """The lock on a data folder. Children that inherit `handle` keep it while they live."""

    def __init__(self, folder: Path) -> None:
        """Take the lock. AlreadyClaimedError when somebody has it; OSError when the folder cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        self.handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self.handle, 20).decode("ascii", "replace").strip()
            os.close(self.handle)
            raise AlreadyClaimedError(
                f"A server runs on {folder} (process {holder or 'unknown'}). Stop it first."
            ) from error
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, str(os.getpid()).encode("ascii"), 0)

    def release(self) -> None:
        """Let go. Without it the end of the process does."""
        os.close(self.handle)
