"""The server's status board: sessions and latencies, written as a small JSON file that anybody on the machine can read."""

import json
import os
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shufang.kernel import clock

STEPS = tuple(round(0.0002 * 1.25**step, 6) for step in range(52))
"""Upper bounds of the latency classes in seconds, 0.2 ms to 18 s; a percentile is right to a quarter."""
STALE_SECONDS = 15.0


class Latencies:
    """How long one kind of message took."""

    __slots__ = ("count", "longest", "refusals", "repeats", "steps")

    def __init__(self) -> None:
        self.count = self.refusals = self.repeats = 0
        self.longest = 0.0
        self.steps = [0] * (len(STEPS) + 1)

    def add(self, seconds: float, *, is_refusal: bool, is_repeat: bool) -> None:
        """Count one message."""
        self.count += 1
        self.refusals += is_refusal
        self.repeats += is_repeat
        self.longest = max(self.longest, seconds)
        self.steps[bisect_left(STEPS, seconds)] += 1

    def percentile(self, part: float) -> float:
        """Return the seconds within which this part of the messages was answered."""
        wanted, seen = part * self.count, 0
        for step, count in enumerate(self.steps):
            seen += count
            if seen >= wanted:
                return min(STEPS[step], self.longest) if step < len(STEPS) else self.longest
        return self.longest

    def told(self) -> dict[str, int | float]:
        """Return the figures; milliseconds."""
        return {
            "count": self.count,
            "refusals": self.refusals,
            "repeats": self.repeats,
            "p50_ms": round(self.percentile(0.5) * 1000, 2),
            "p99_ms": round(self.percentile(0.99) * 1000, 2),
            "max_ms": round(self.longest * 1000, 2),
        }


class Board:
    """What the loop counts. Figures run from the start of the server."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._started = clock.now()
        self.messages: dict[str, Latencies] = {}
        self.faults: Counter[str] = Counter()
        self.sessions: Counter[str] = Counter()
        self.connections = 0
        self.turned_away = 0
        self.addresses: tuple[str, ...] = ()

    def count(self, code: str, seconds: float, *, is_refusal: bool, is_repeat: bool) -> None:
        """Count an answered message."""
        latencies = self.messages.get(code)
        if latencies is None:
            latencies = self.messages[code] = Latencies()
        latencies.add(seconds, is_refusal=is_refusal, is_repeat=is_repeat)

    def write(self, waiting: tuple[int, int], *, is_running: bool = True) -> None:
        """Replace the file. OSError when the folder cannot be written."""
        told = {
            "pid": os.getpid(),
            "is_running": is_running,
            "started_at": self._started.isoformat(timespec="seconds"),
            "at": clock.now().isoformat(timespec="milliseconds"),
            "listening": list(self.addresses),
            "connections": self.connections,
            "sessions": sum(self.sessions.values()),
            "accounts": {account: count for account, count in sorted(self.sessions.items()) if count},
            "turned_away": self.turned_away,
            "waiting": {"changes": waiting[0], "queries": waiting[1]},
            "faults": dict(self.faults),
            "messages": {code: latencies.told() for code, latencies in sorted(self.messages.items())},
        }
        new = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        new.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        new.replace(self._file)


@dataclass(frozen=True, slots=True)
class Status:
    """What the file says. `is_running`: the server wrote it lately and has not stopped."""

    is_running: bool
    at: datetime
    connections: int
    sessions: int
    told: dict[str, object]


def read_status(file: Path, now: datetime) -> Status | None:
    """Return what the server told last; None when none has ever run here or the file cannot be read."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(told["at"])
        is_fresh = abs((now - at).total_seconds()) < STALE_SECONDS
        return Status(
            is_running=bool(told["is_running"]) and is_fresh,
            at=at,
            connections=int(told["connections"]),
            sessions=int(told["sessions"]),
            told=told,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
