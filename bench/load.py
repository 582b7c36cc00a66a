"""The load generator: a process of its own that sends prepared bytes. `python -m bench.load PLAN`, result on stdout as JSON.

PLAN is a pickle of `Plan`. Each connection sends its next message when the reply to the last has come (or at its
moment, when the plan has a pace), so that there are never more requests under way than connections.
"""

import json
import pickle
import select
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Plan:
    """What to send: `opening` untimed, then `timed`; `pace` is seconds between two messages of a connection."""

    port: int
    login: bytes
    opening: list[list[bytes]]
    timed: list[list[bytes]]
    good: bytes = b"121"
    pace: float = 0.0
    host: str = "127.0.0.1"


@dataclass
class _Terminal:
    socket: socket.socket
    messages: list[bytes]
    start: float = 0.0
    sent: int = 0
    buffer: bytes = b""
    sent_at: float = 0.0
    replies: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def _ask(connection: socket.socket, message: bytes) -> bytes:
    connection.sendall(message)
    reply = b""
    while not reply.endswith((b"\r", b"\n")):
        part = connection.recv(4096)
        if not part:
            raise ConnectionError("the server closed the line")
        reply += part
    return reply


def _open(plan: Plan, opening: list[bytes]) -> socket.socket:
    connection = socket.create_connection((plan.host, plan.port), 30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if plan.login and not _ask(connection, plan.login).startswith(b"941"):
        raise ConnectionError("the server refused the login")
    for message in opening:
        _ask(connection, message)
    return connection


def _drive(terminals: list[_Terminal], pace: float) -> float:
    """Run all terminals to their end; return the seconds from the first byte to the last reply."""
    selector = selectors.DefaultSelector()
    begin = time.perf_counter()
    waiting: list[_Terminal] = []
    for place, terminal in enumerate(terminals):
        terminal.socket.settimeout(0)
        selector.register(terminal.socket, selectors.EVENT_READ, terminal)
        terminal.start = begin + place * pace / len(terminals)
        waiting.append(terminal)
    left = len(terminals)
    while left:
        moment = time.perf_counter()
        due = [terminal for terminal in waiting if terminal.start + terminal.sent * pace <= moment]
        for terminal in due:
            waiting.remove(terminal)
            _send(terminal, moment)
        pause = max(0.0, min((t.start + t.sent * pace for t in waiting), default=moment + 1) - moment)
        for key, _ in selector.select(pause if waiting else None):
            terminal = key.data
            if not _receive(terminal):
                continue
            if terminal.sent == len(terminal.messages):
                selector.unregister(terminal.socket)
                left -= 1
            elif pace:
                waiting.append(terminal)
            else:
                _send(terminal, time.perf_counter())
    return time.perf_counter() - begin


def _send(terminal: _Terminal, moment: float) -> None:
    terminal.sent_at = moment
    terminal.socket.send(terminal.messages[terminal.sent])
    terminal.sent += 1


def _receive(terminal: _Terminal) -> bool:
    data = terminal.socket.recv(4096)
    if not data:
        raise ConnectionError("the server closed the line")
    terminal.buffer += data
    if not terminal.buffer.endswith(b"\r"):
        return False
    terminal.times.append(time.perf_counter() - terminal.sent_at)
    terminal.replies.append(terminal.buffer)
    terminal.buffer = b""
    return True


def main(path: str) -> None:
    """Carry out the plan and print the result."""
    plan: Plan = pickle.loads(Path(path).read_bytes())
    terminals = [
        _Terminal(_open(plan, opening), timed) for opening, timed in zip(plan.opening, plan.timed, strict=True) if timed
    ]
    print("ready", flush=True)
    sys.stdin.readline()
    seconds = _drive(terminals, plan.pace)
    replies = [reply for terminal in terminals for reply in terminal.replies]
    refused = [reply for reply in replies if not reply.startswith(plan.good)]
    times = [moment for terminal in terminals for moment in terminal.times]
    first = refused[0].decode("utf-8", "replace") if refused else ""
    print(
        json.dumps({"seconds": seconds, "count": len(replies), "refused": len(refused), "first": first, "times": times})
    )


@dataclass
class Load:
    """A load generator that stands ready."""

    process: "subprocess.Popen[str]"

    @classmethod
    def ready(cls, plan: Plan, folder: Path) -> "Load":
        """Start the process and wait until it has logged in and opened its visits."""
        path = folder / "plan.pickle"
        path.write_bytes(pickle.dumps(plan))
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.load", str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the load generator did not get ready")
        return cls(process)

    def go(self) -> None:
        """Let it send."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def is_done(self) -> bool:
        """Say whether the result stands ready to be read."""
        assert self.process.stdout is not None
        return bool(select.select([self.process.stdout], [], [], 0)[0])

    def result(self) -> dict[str, object]:
        """Wait for its end and return what it printed."""
        assert self.process.stdout is not None
        text = self.process.stdout.read()
        if self.process.wait() != 0:
            raise RuntimeError("the load generator failed")
        found: dict[str, object] = json.loads(text)
        return found


if __name__ == "__main__":
    main(sys.argv[1])
