"""The programs under measurement as processes: started, awaited, their CPU time and memory, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.scratch import Scratch

_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a TCP port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """A running process."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, started: float) -> None:
        self.process, self.port, self.start_seconds = process, port, started

    def cpu_seconds(self) -> float:
        """Return user and system time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident_megabytes(self) -> float:
        """Return the resident set."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no VmRSS")


@contextmanager
def running(scratch: Scratch, command: Sequence[str], port: int, **more: str) -> Iterator[Program]:
    """Run `command` until the block ends; it stands ready when `port` accepts a connection."""
    log = (scratch.folder / "program.log").open("wb")
    begin = time.perf_counter()
    process = subprocess.Popen(list(command), env=scratch.environ | more, stdout=log, stderr=log)
    try:
        while True:
            if process.poll() is not None:
                raise RuntimeError((scratch.folder / "program.log").read_text(encoding="utf-8")[-2000:])
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.perf_counter() - begin > 60:
                    raise
                time.sleep(0.01)
        yield Program(process, port, time.perf_counter() - begin)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def shufang(*words: str) -> list[str]:
    """Return the command line of the `shufang` of this interpreter."""
    return [sys.executable, "-m", "shufang", *words]
