"""The floor: the rows of a checkout written with the bare driver, in one durable transaction each.

The same tables, indexes and triggers as the real thing: a loan, its item, an event, the patron's revision, the reader
of the month and the stored reply. No rule is looked at, nothing is read.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import psycopg

from bench.scratch import ITEMS_A_PATRON, Scratch

_LOAN = (
    "INSERT INTO circulation_loan (item_id, patron_id, card_kind_id, group_id, library_id, policy_id, calendar_branch_id, "
    "status, borrowed_at, due_at, renewals) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, 0) RETURNING id"
)
_ITEM = "UPDATE catalogue_item SET status = 'on_loan', status_since = ? WHERE id = ?"
_EVENT = (
    "INSERT INTO circulation_event (at, verb, device_id, branch_id, item_id, title_id, policy_id, loan_id, card_kind_id, "
    "age_band, detail) VALUES (?, 'checkout', ?, ?, ?, ?, ?, ?, ?, '', '') RETURNING id"
)
_PATRON = "UPDATE patrons_patron SET revision = revision + 1 WHERE id = ?"
_MONTH = "INSERT INTO circulation_readermonth (patron_id, month, branch_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_REPLY = (
    "INSERT INTO branches_storedreply (subject, subject_id, key, marker, connection, sequence, at, reply) "
    "VALUES ('item', ?, ?, ?, 'floor', '1', ?, ?) ON CONFLICT (subject, subject_id) DO UPDATE SET key = excluded.key"
)


@dataclass(frozen=True)
class Known:
    """The ids that the rows need."""

    items: list[tuple[int, int]]
    patrons: list[int]
    card_kind: int
    group: int
    library: int
    policy: int
    branch: int
    device: int


_KNOWN = (
    "SELECT (SELECT kind_id FROM patrons_card WHERE number = 'B0000000'), "
    "(SELECT group_id FROM catalogue_itemkind WHERE code = 'book'), (SELECT id FROM branches_library WHERE code = 'DX'), "
    "(SELECT min(id) FROM circulation_policy), (SELECT id FROM branches_branch WHERE code = 'GMD'), "
    "(SELECT id FROM branches_device WHERE account = 'gmd-1')"
)
_ITEMS = "SELECT id, title_id FROM catalogue_item WHERE barcode LIKE 'BX%' ORDER BY barcode"
_PATRONS = "SELECT patron_id FROM patrons_card WHERE number LIKE 'B0%' ORDER BY number"

Run = Callable[[str, Sequence[object]], int]


def _known(rows: Callable[[str], list[tuple[int, ...]]]) -> Known:
    items = [(row[0], row[1]) for row in rows(_ITEMS)]
    return Known(items, [row[0] for row in rows(_PATRONS)], *rows(_KNOWN)[0])


def _write(run: Run, known: Known, number: int, now: object, due: object, month: object) -> None:
    item, title = known.items[number]
    patron = known.patrons[number // ITEMS_A_PATRON]
    loan = run(
        _LOAN,
        (item, patron, known.card_kind, known.group, known.library, known.policy, known.branch, now, due),
    )
    run(_ITEM, (now, item))
    event = run(_EVENT, (now, known.device, known.branch, item, title, known.policy, loan, known.card_kind))
    run(_PATRON, (patron,))
    run(_MONTH, (patron, month, known.branch))
    run(_REPLY, (item, number.to_bytes(32, "big"), event, now, b"x" * 160))


def sqlite(scratch: Scratch, count: int, batch: int = 1) -> list[float]:
    """Write `count` checkouts, `batch` a transaction; return the seconds of each transaction."""
    connection = sqlite3.connect(scratch.file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    known = _known(lambda statement: connection.execute(statement).fetchall())
    at = datetime.now(UTC)
    now, due, month = str(at)[:26], str(at + timedelta(days=42))[:26], str(date(at.year, at.month, 1))

    def run(statement: str, values: Sequence[object]) -> int:
        row = connection.execute(statement, values)
        return int(row.fetchone()[0]) if "RETURNING" in statement else 0

    times = []
    for first in range(0, count, batch):
        begin = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for number in range(first, min(first + batch, count)):
            _write(run, known, number, now, due, month)
        connection.execute("COMMIT")
        times.append(time.perf_counter() - begin)
    connection.close()
    return times


def postgresql(scratch: Scratch, count: int, connections: int, batch: int = 1) -> float:
    """Write `count` checkouts from `connections` threads with a connection each; return the seconds it took."""
    at = datetime.now(UTC)
    month = date(at.year, at.month, 1)
    with psycopg.connect(scratch.url) as first:
        known = _known(lambda statement: first.execute(statement.encode()).fetchall())
    ready = threading.Barrier(connections + 1)
    failures: list[BaseException] = []

    def work(mine: Sequence[int]) -> None:
        try:
            with psycopg.connect(scratch.url, autocommit=True, prepare_threshold=1) as connection:

                def run(statement: str, values: Sequence[object]) -> int:
                    row = connection.execute(statement.replace("?", "%s").encode(), values)
                    found = row.fetchone() if "RETURNING" in statement else None
                    return int(found[0]) if found else 0

                ready.wait()
                for begin in range(0, len(mine), batch):
                    with connection.transaction():
                        for number in mine[begin : begin + batch]:
                            _write(run, known, number, at, at + timedelta(days=42), month)
        except BaseException as error:
            failures.append(error)
            ready.abort()
            raise

    shares = [range(n * ITEMS_A_PATRON, count, connections * ITEMS_A_PATRON) for n in range(connections)]
    numbers = [[n + k for n in share for k in range(ITEMS_A_PATRON) if n + k < count] for share in shares]
    threads = [threading.Thread(target=work, args=(share,)) for share in numbers]
    for thread in threads:
        thread.start()
    ready.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - begin
