"""The reader's pages against a page that does nothing, in the same run, with 3,000 titles and with 200,000."""

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from bench.browser import Browser
from bench.figures import median, milliseconds, percentile
from bench.fill import PIN
from bench.fill_pages import CARD
from bench.programs import free_port, running
from bench.records import shipped, unpacked
from bench.report import Ratio, Report
from bench.scratch import Scratch, drop, empty
from bench.search_many import MIX

WARMING = len(MIX)
ROUNDS = 5 * len(MIX)
NOTHING = "/nothing/"
_FACETS = {"main_class": "class"}
"""Names of facets that stand otherwise in an address."""


def _pages(title: int) -> dict[str, list[str]]:
    """Return the paths of each page; a search is one of the mix that `search` measures, one after the other."""
    asked = [
        {"q": text} | {_FACETS.get(name, name): value for name, value in chosen.items()} for _, text, chosen in MIX
    ]
    return {
        "nothing": [NOTHING],
        "home": ["/"],
        "search": [f"/search/?{urlencode(query)}" for query in asked],
        "title": [f"/titles/{title}/"],
        "my loans": ["/me/loans/"],
    }


def _round(browser: Browser, pages: dict[str, list[str]], number: int) -> dict[str, float]:
    """Open each page once; return the seconds of each."""
    times = {}
    for name, paths in pages.items():
        path = paths[number % len(paths)]
        begin = time.perf_counter()
        status, _ = browser.get(path)
        times[name] = time.perf_counter() - begin
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
    return times


def _run(scratch: Scratch, pages: dict[str, list[str]]) -> dict[str, float]:
    """Return the median seconds of each page, opened in turns by a reader who has signed in."""
    port = free_port()
    server = [sys.executable, "-m", "waitress", "--listen", f"127.0.0.1:{port}", "shufang.config.wsgi:application"]
    with running(scratch, server, port, DJANGO_SETTINGS_MODULE="bench.page_settings"):
        browser = Browser(port)
        browser.get("/sign-in/")
        status, text = browser.post("/sign-in/", card=CARD, pin=PIN)
        if status != 302:
            raise RuntimeError(f"the reader could not sign in: {status} {text[:300]}")
        for number in range(WARMING):
            _round(browser, pages, number)
        rounds = [_round(browser, pages, number) for number in range(ROUNDS)]
    return {name: percentile([times[name] for times in rounds], 0.5) for name in pages}


def _measure(scratch: Scratch, path: Path, titles: int, most: int, runs: int) -> Report:
    done = subprocess.run(
        [sys.executable, "-m", "bench.fill_pages", str(path), str(titles)],
        env=scratch.environ,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    pages = _pages(json.loads(done.stdout.splitlines()[-1])["title"])
    rows = [_run(scratch, pages) for _ in range(runs)]
    report = Report(f"The reader's pages with {titles:,} titles, SQLite")
    for name in pages:
        if name != "nothing":
            ratio = median([row[name] / row["nothing"] for row in rows])
            report.ratios.append(
                Ratio(f"{name} / a page that does nothing", ratio, most=most if name != "search" else 20)
            )
        report.figures[f"{name}, p50 (ms)"] = milliseconds(median([row[name] for row in rows]))
    return report


def measure(folder: Path, runs: int) -> list[Report]:
    """Measure with the demonstration's catalogue and with a large one."""
    reports = []
    for path, titles, most in ((shipped(folder), 3_000, 8), (unpacked(folder), 200_000, 10)):
        scratch = empty(folder / f"pages-{titles}")
        reports.append(_measure(scratch, path, titles, most, runs))
        drop(scratch)
    return reports
