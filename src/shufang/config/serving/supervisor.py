"""The parent: starts the parts, passes on what they say, starts a dead one again, and ends them all cleanly."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

READY = "Ready: "
STOP_SECONDS = 20.0
LONGEST_PAUSE = 30.0

log = logging.getLogger("shufang.serve")


@dataclass(frozen=True, slots=True)
class Part:
    """A child process: what it is called in sentences, its arguments, and the file descriptors it inherits."""

    name: str
    arguments: tuple[str, ...]
    handles: tuple[int, ...] = ()


class PartFailedError(Exception):
    """A part ended before it was ready; it has said why. `status` is its exit status."""

    def __init__(self, part: Part, status: int) -> None:
        super().__init__(f"{part.name} ended with status {status} before it was ready.")
        self.status = status


@dataclass(slots=True)
class _Child:
    part: Part
    process: subprocess.Popen[str]
    ready: threading.Event = field(default_factory=threading.Event)
    told: str = ""


class Supervisor:
    """Runs parts until `stop` is set. `say` takes lines for the terminal."""

    def __init__(self, parts: Sequence[Part], stop: threading.Event, say: Callable[[str], object]) -> None:
        self._parts = parts
        self._stop = stop
        self._say = say
        self._children: dict[str, _Child] = {}
        self._failures: dict[str, int] = {}
        self._again_at: dict[str, float] = {}

    def run(self) -> None:
        """Start all, say Ready in one line when all are, look after them, stop them. PartFailedError."""
        try:
            for part in self._parts:
                self._start(part)
            self._wait_until_ready()
            if not self._stop.is_set():
                self._say(READY + ", ".join(child.told for child in self._children.values()))
            while not self._stop.wait(0.2):
                self._look_after()
        finally:
            self._end()

    def _start(self, part: Part) -> None:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", "shufang.config.serving.part", *part.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            pass_fds=part.handles,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which ends the parts in order
        )
        child = _Child(part, process)
        self._children[part.name] = child
        threading.Thread(target=self._listen, args=(child,), name=f"{part.name} output", daemon=True).start()

    def _listen(self, child: _Child) -> None:
        for line in child.process.stdout or ():
            text = line.rstrip("\n")
            if text.startswith(READY) and not child.ready.is_set():
                child.told = text.removeprefix(READY)
                child.ready.set()
            else:
                self._say(text)

    def _wait_until_ready(self) -> None:
        for child in self._children.values():
            while not child.ready.wait(0.05) and not self._stop.is_set():
                status = child.process.poll()
                if status is not None and not child.ready.wait(0.2):
                    raise PartFailedError(child.part, status)

    def _look_after(self) -> None:
        for name, child in list(self._children.items()):
            status = child.process.poll()
            if status is None:
                continue
            if name not in self._again_at:
                failures = self._failures[name] = self._failures.get(name, 0) + 1
                pause = min(LONGEST_PAUSE, 2.0 ** (failures - 1))
                self._again_at[name] = time.monotonic() + pause
                log.error("%s ended with status %s; it is started again in %.0f s", name, status, pause)
            elif time.monotonic() >= self._again_at[name]:
                del self._again_at[name]
                self._start(child.part)

    def _end(self) -> None:
        running = [child for child in self._children.values() if child.process.poll() is None]
        for child in running:
            child.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in running:
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("%s did not end within %.0f s and is killed", child.part.name, STOP_SECONDS)  # noqa: TRY400  # nothing to trace
                child.process.kill()
                child.process.wait()
