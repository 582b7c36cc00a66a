"""How long a web write takes beside a saturated SIP2 server, against the same write with nothing else to do."""

import sqlite3
import sys
import time
from pathlib import Path

from bench import messages
from bench.browser import Browser
from bench.figures import median, milliseconds, percentile
from bench.load import Load, Plan
from bench.programs import free_port, running, shufang
from bench.report import Ratio, Report
from bench.scratch import Scratch, drop, fresh_copy, prepare

COUNT = 9600
IDLE = 150
PAGE = "/admin/branches/closingdays/add/"


def _sign_in(port: int) -> Browser:
    browser = Browser(port)
    browser.get("/admin/login/")
    status, _ = browser.post("/admin/login/", username="librarian", password="demo", next="/admin/")
    if status != 302:
        raise RuntimeError(f"the librarian could not sign in: {status}")
    browser.get(PAGE)
    return browser


def _write(browser: Browser, branch: int) -> float:
    begin = time.perf_counter()
    status, text = browser.post(PAGE, branch=str(branch), first="2030-01-01", last="2030-01-02", reason="bench")
    if status != 302:
        raise RuntimeError(f"the closing days were not written: {status} {text[:300]}")
    return time.perf_counter() - begin


def _branch(scratch: Scratch) -> int:
    with sqlite3.connect(scratch.file) as file:
        return int(file.execute("SELECT id FROM branches_branch WHERE code = 'HC'").fetchone()[0])


def _run(scratch: Scratch) -> tuple[list[float], list[float]]:
    web, port = free_port(), free_port()
    branch = _branch(scratch)
    waitress = [sys.executable, "-m", "waitress", "--listen", f"127.0.0.1:{web}", "shufang.config.wsgi:application"]
    with running(scratch, waitress, web), running(scratch, shufang("sip2", "--port", str(port)), port):
        browser = _sign_in(web)
        idle = [_write(browser, branch) for _ in range(IDLE)]
        opening, timed = messages.visits(0, COUNT, 64)
        load = Load.ready(Plan(port, messages.login(), opening, timed), scratch.folder)
        load.go()
        time.sleep(0.2)
        beside = []
        while load.process.poll() is None and not load.is_done():
            beside.append(_write(browser, branch))
        result = load.result()
    if result["refused"]:
        raise RuntimeError(f"{result['refused']} checkouts were refused, the first: {result['first']}")
    return idle, beside


def measure(folder: Path, runs: int) -> list[Report]:
    """Measure on SQLite, where all writers share one file."""
    base = prepare(folder / "base", postgresql=False, checkouts=COUNT)
    rows = [_run(fresh_copy(base, folder / "run")) for _ in range(runs)]
    drop(base)
    idle = median([percentile(row[0], 0.5) for row in rows])
    beside = [percentile(row[1], share) for row in rows for share in (0.5, 0.99)]
    return [
        Report(
            "A web write (a form of the admin) beside a saturated SIP2 server, SQLite",
            [
                Ratio(
                    "p99 beside it / p50 alone",
                    median([percentile(row[1], 0.99) / percentile(row[0], 0.5) for row in rows]),
                    most=20,
                )
            ],
            {
                "alone, p50 (ms)": milliseconds(idle),
                "beside it, p50 (ms)": milliseconds(median(beside[0::2])),
                "beside it, p99 (ms)": milliseconds(median(beside[1::2])),
                "writes beside it, each run": [len(row[1]) for row in rows],
            },
        )
    ]
