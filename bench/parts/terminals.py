"""Sixty-four terminals with one checkout a second each, against an echo server that commits once a message."""

import sys
from pathlib import Path

from bench import messages
from bench.figures import median, milliseconds, percentile
from bench.load import Load, Plan
from bench.programs import free_port, running, shufang
from bench.report import Ratio, Report
from bench.scratch import Scratch, drop, fresh_copy, prepare

TERMINALS = 64
SECONDS = 10


def _paced(scratch: Scratch, command: list[str], port: int, *, echo: bool) -> list[float]:
    with running(scratch, command, port):
        opening, timed = messages.visits(0, TERMINALS * SECONDS, TERMINALS)
        plan = Plan(port, messages.login(), opening, timed, pace=1.0)
        if echo:
            plan = Plan(port, b"", [[] for _ in timed], timed, good=b"11", pace=1.0)
        load = Load.ready(plan, scratch.folder)
        load.go()
        result = load.result()
    if result["refused"]:
        raise RuntimeError(f"{result['refused']} of the replies were no success, the first: {result['first']}")
    times = result["times"]
    assert isinstance(times, list)
    return times


def measure(folder: Path, runs: int) -> list[Report]:
    """Measure on SQLite."""
    base = prepare(folder / "base", postgresql=False, checkouts=TERMINALS * SECONDS * 2)
    rows = []
    for _ in range(runs):
        scratch = fresh_copy(base, folder / "run")
        port = free_port()
        file = str(scratch.folder / "echo.sqlite3")
        echo = _paced(scratch, [sys.executable, "-m", "bench.echo", str(port), file], port, echo=True)
        port = free_port()
        ours = _paced(scratch, shufang("sip2", "--port", str(port)), port, echo=False)
        rows.append((percentile(ours, 0.5), percentile(ours, 0.99), percentile(echo, 0.5), percentile(echo, 0.99)))
    drop(base)
    ratio = median([row[1] / row[3] for row in rows])
    names = ("p50", "p99", "echo server's p50", "echo server's p99")
    return [
        Report(
            f"{TERMINALS} terminals with one checkout a second",
            [Ratio("p99 / p99 of an echo server that commits once", ratio, most=5)],
            {f"{name} (ms)": milliseconds(median([row[n] for row in rows])) for n, name in enumerate(names)},
        )
    ]
