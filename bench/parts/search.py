"""Searching 200,000 titles: a committed mix of queries against a query for a rare word in the same run, both engines."""

import json
import subprocess
import sys
from pathlib import Path

from bench.figures import median, milliseconds, percentile
from bench.records import unpacked
from bench.report import Ratio, Report
from bench.scratch import Scratch, drop, empty, empty_postgresql, postgresql_is_there

TITLES = 200_000


def _measure(scratch: Scratch, path: Path, runs: int, engine: str) -> Report:
    done = subprocess.run(
        [sys.executable, "-m", "bench.search_many", str(path), str(TITLES), str(runs)],
        env=scratch.environ,
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    rare = next(name for name in found["counts"] if name.startswith("rare word"))
    ratios, worst = [], []
    for times in found["runs"]:
        every = [moment for name, row in times.items() if name != rare for moment in row]
        worst.append(percentile(every, 0.99))
        ratios.append(worst[-1] / percentile(times[rare], 0.5))
    report = Report(
        f"Searching {found['titles']:,} titles on {engine}",
        [Ratio("p99 of the mix / p50 of a rare word", median(ratios), most=20)],
        {"p99 of the mix (ms)": milliseconds(median(worst)), "building the catalogue (s)": round(found["built"])},
    )
    for name, count in found["counts"].items():
        middle = median([percentile(times[name], 0.5) for times in found["runs"]])
        report.figures[f"{name}, {count} found, p50 (ms)"] = milliseconds(middle)
    return report


def measure(folder: Path, runs: int) -> list[Report]:
    """Measure both engines."""
    path = unpacked(folder)
    scratch = empty(folder / "many")
    reports = [_measure(scratch, path, runs, "SQLite")]
    drop(scratch)
    if not postgresql_is_there():
        return [*reports, Report("Searching on PostgreSQL", left_out="no PostgreSQL answers")]
    scratch = empty_postgresql(folder / "pg-many")
    reports.append(_measure(scratch, path, runs, "PostgreSQL"))
    drop(scratch)
    return reports
