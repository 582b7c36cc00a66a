"""Measure, print, and write JSON: `python -m bench [--only PART …] [--runs N] [--json FILE]`."""

import argparse
import importlib
import json
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from bench.disk import syncs_a_second
from bench.report import Report

PARTS = ("checkout", "terminals", "web_write", "search", "pages", "loading", "idle")


def main() -> int:
    """Run the parts; exit with 1 when a ratio does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--runs", type=int, default=5, help="medians of so many runs")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    chosen = parser.parse_args()
    reports: list[Report] = []
    folder = Path(tempfile.mkdtemp(prefix="shufang-bench-"))
    try:
        print(f"Python {platform.python_version()}, {platform.machine()}, medians of {chosen.runs} runs")
        print(f"disk: {syncs_a_second(folder):,.0f} fdatasync a second\n")
        for name in chosen.only:
            part = importlib.import_module(f"bench.parts.{name}")
            place = folder / name
            place.mkdir()
            for report in part.measure(place, chosen.runs):
                reports.append(report)
                print("\n".join(report.lines()), end="\n\n", flush=True)
            shutil.rmtree(place, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(
        json.dumps([report.plain() for report in reports], indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    missed = [ratio for report in reports for ratio in report.ratios if not ratio.holds]
    print(f"{chosen.json}: {sum(len(r.ratios) for r in reports)} ratios, {len(missed)} do not hold")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
