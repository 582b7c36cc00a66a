"""Loading MARC records, search index included, against a bare pymarc read of the same file."""

import json
import subprocess
import sys
from pathlib import Path

from bench.figures import median
from bench.records import unpacked
from bench.report import Ratio, Report
from bench.scratch import empty


def measure(folder: Path, runs: int) -> list[Report]:
    """Measure on SQLite."""
    path = unpacked(folder)
    rows: list[dict[str, float]] = []
    for run in range(runs):
        scratch = empty(folder / f"run{run}")
        done = subprocess.run(
            [sys.executable, "-m", "bench.load_once", str(path)],
            env=scratch.environ,
            check=True,
            capture_output=True,
            text=True,
        )
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    ratio = median([(row["count"] / row["seconds"]) / (row["bare_count"] / row["bare"]) for row in rows])
    return [
        Report(
            f"Loading {path.name} with the search index, SQLite",
            [Ratio("records a second / bare pymarc read", ratio, least=0.3)],
            {
                "records a second": round(median([row["count"] / row["seconds"] for row in rows])),
                "bare pymarc read (records a second)": round(median([row["bare_count"] / row["bare"] for row in rows])),
                "the same file again, nothing changed (records a second)": round(
                    median([row["count"] / row["again"] for row in rows])
                ),
                "titles found, each run": [int(row["count"]) for row in rows],
                "peak memory (MB)": round(median([row["peak"] for row in rows])),
            },
        )
    ]
