"""SIP2 checkouts a second against the bare driver's, on SQLite (64 connections) and PostgreSQL (8)."""

import sqlite3
import time
from pathlib import Path

import psycopg

from bench import floor, messages
from bench.disk import syncs_a_second
from bench.figures import median, milliseconds, percentile
from bench.load import Load, Plan
from bench.programs import free_port, running, shufang
from bench.report import Ratio, Report
from bench.scratch import Scratch, drop, fresh_copy, postgresql_is_there, prepare

COUNT = 6400
ALONE = 400


def loans_found(scratch: Scratch) -> int:
    """Return how many open loans stand in the database."""
    query = "SELECT count(*) FROM circulation_loan WHERE status = 'open'"
    if scratch.is_postgresql:
        with psycopg.connect(scratch.url) as connection:
            row = connection.execute(query.encode()).fetchone()
    else:
        with sqlite3.connect(scratch.file) as file:
            row = file.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def bare_commits(folder: Path, count: int = 300) -> list[float]:
    """Return the seconds of durable commits of one row each in a bare SQLite file."""
    path = folder / "bare.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text TEXT)")
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (text) VALUES ('x')")
        connection.execute("COMMIT")
        times.append(time.perf_counter() - begin)
    connection.close()
    for file in folder.glob("bare.sqlite3*"):
        file.unlink()
    return times


def through_the_server(scratch: Scratch, first: int, count: int, connections: int) -> dict[str, float]:
    """Send `count` checkouts through a server of its own; return rate, latencies, CPU, refusals and rows found."""
    port = free_port()
    before = loans_found(scratch)
    with running(scratch, shufang("sip2", "--port", str(port)), port) as server:
        opening, timed = messages.visits(first, count, connections)
        load = Load.ready(Plan(port, messages.login(), opening, timed), scratch.folder)
        cpu = server.cpu_seconds()
        load.go()
        result = load.result()
        cpu = server.cpu_seconds() - cpu
        start = server.start_seconds
    times = result["times"]
    assert isinstance(times, list)
    if result["refused"]:
        raise RuntimeError(f"{result['refused']} checkouts were refused, the first: {result['first']}")
    found = loans_found(scratch) - before
    if found != count:
        raise RuntimeError(f"{count} checkouts were answered, {found} loans were found")
    return {
        "rate": count / float(str(result["seconds"])),
        "p50": percentile(times, 0.5),
        "p99": percentile(times, 0.99),
        "cpu": cpu / count,
        "refused": float(str(result["refused"])),
        "found": found,
        "start": start,
    }


def _sqlite(folder: Path, runs: int) -> Report:
    base = prepare(folder / "base", postgresql=False, checkouts=COUNT)
    rows: list[dict[str, float]] = []
    for _ in range(runs):
        row = {"syncs": syncs_a_second(folder)}
        copy = fresh_copy(base, folder / "run")
        alone_floor = floor.sqlite(copy, COUNT)
        row |= {"floor": COUNT / sum(alone_floor), "floor_p50": percentile(alone_floor, 0.5)}
        copy = fresh_copy(base, folder / "run")
        row["batches"] = COUNT / sum(floor.sqlite(copy, COUNT, batch=64))
        copy = fresh_copy(base, folder / "run")
        server = through_the_server(copy, 0, COUNT, 64)
        row |= server | {"ratio": server["rate"] / row["floor"]}
        copy = fresh_copy(base, folder / "run")
        row["bare"] = percentile(bare_commits(folder), 0.5)
        alone = through_the_server(copy, 0, ALONE, 1)
        row |= {"alone": alone["p50"], "alone_ratio": alone["p50"] / row["bare"]}
        row["rows_ratio"] = alone["p50"] / row["floor_p50"]
        rows.append(row)
    drop(base)
    report = _report("SIP2 checkout on SQLite, 64 connections", rows)
    report.ratios.insert(0, Ratio("checkouts a second / floor", median([r["ratio"] for r in rows]), least=0.35))
    report.ratios.append(
        Ratio("one connection's p50 / bare durable commit", median([r["alone_ratio"] for r in rows]), most=4)
    )
    report.figures |= {
        "one connection, p50 (ms)": milliseconds(median([r["alone"] for r in rows])),
        "bare durable commit of one row, p50 (ms)": milliseconds(median([r["bare"] for r in rows])),
        "bare durable commit of a checkout's rows, p50 (ms)": milliseconds(median([r["floor_p50"] for r in rows])),
        "one connection's p50 / bare durable commit of a checkout's rows": round(
            median([r["rows_ratio"] for r in rows]), 3
        ),
    }
    return report


def _report(name: str, rows: list[dict[str, float]]) -> Report:
    def mid(key: str) -> float:
        return median([row[key] for row in rows])

    return Report(
        name,
        figures={
            "checkouts a second": round(mid("rate"), 1),
            "floor, one durable transaction a checkout (a second)": round(mid("floor"), 1),
            "floor in batches of 64 (a second)": round(mid("batches"), 1),
            "server's CPU time a checkout (ms)": milliseconds(mid("cpu")),
            "p50, p99 of a checkout (ms)": [milliseconds(mid("p50")), milliseconds(mid("p99"))],
            "server start (s)": round(mid("start"), 2),
            "disk, fdatasync a second, each run": [round(row["syncs"]) for row in rows],
            "refusals, each run": [int(row["refused"]) for row in rows],
            "loans found, each run": [int(row["found"]) for row in rows],
        },
    )


def _postgresql(folder: Path, runs: int) -> Report:
    name = "SIP2 checkout on PostgreSQL, 8 connections"
    if not postgresql_is_there():
        return Report(name, left_out="no PostgreSQL answers (SHUFANG_BENCH_POSTGRESQL)")
    base = prepare(folder / "pg-base", postgresql=True, checkouts=COUNT)
    rows: list[dict[str, float]] = []
    for _ in range(runs):
        row = {"syncs": syncs_a_second(folder)}
        row["floor"] = COUNT / floor.postgresql(fresh_copy(base, folder / "pg-run"), COUNT, 8)
        row["batches"] = COUNT / floor.postgresql(fresh_copy(base, folder / "pg-run"), COUNT, 8, batch=64)
        server = through_the_server(fresh_copy(base, folder / "pg-run"), 0, COUNT, 8)
        rows.append(row | server | {"ratio": server["rate"] / row["floor"]})
    drop(base)
    report = _report(name, rows)
    report.ratios.append(Ratio("checkouts a second / floor", median([r["ratio"] for r in rows]), least=0.5))
    return report


def measure(folder: Path, runs: int) -> list[Report]:
    """Measure both engines."""
    return [_sqlite(folder, runs), _postgresql(folder, runs)]
