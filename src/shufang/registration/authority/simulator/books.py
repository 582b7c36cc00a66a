"""The simulated centre's own books: cards, their changes in order, and what it answered to which key. One SQLite file."""

import hmac
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import scrypt
from pathlib import Path

from shufang.registration.authority.interface import Changes, CityAnswer, Message, PinSaid
from shufang.registration.authority.simulator.rules import after, refusal

PAGE = 100
_TABLES = """
CREATE TABLE IF NOT EXISTS card (
  number TEXT PRIMARY KEY, status TEXT, kind TEXT, library TEXT, library_name TEXT, library_name_en TEXT, name TEXT,
  birth_date TEXT, expires_on TEXT, deposit TEXT, person BLOB, pin BLOB, pin_version INTEGER, replaced_by TEXT,
  revision INTEGER
);
CREATE INDEX IF NOT EXISTS card_by_person ON card (person);
CREATE INDEX IF NOT EXISTS card_by_revision ON card (revision);
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, code TEXT, revision INTEGER);
CREATE TABLE IF NOT EXISTS request (id TEXT PRIMARY KEY);
"""
_COLUMNS = (
    "number", "status", "kind", "library", "library_name", "library_name_en", "name", "birth_date", "expires_on",
    "deposit", "person", "pin_version", "replaced_by", "revision",
)  # fmt: skip


class Books:
    """Safe between threads: one connection, one at a time. What is answered has been committed."""

    def __init__(self, file: Path | None = None) -> None:
        """Open the file, or keep everything in memory."""
        self._lock = threading.Lock()
        self._db = sqlite3.connect(file or ":memory:", check_same_thread=False)
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def is_empty(self) -> bool:
        """Say whether there is no card yet."""
        with self._at_work() as db:
            return db.execute("SELECT 1 FROM card LIMIT 1").fetchone() is None

    def is_first(self, request_id: str) -> bool:
        """Say whether this request id comes for the first time, and remember it."""
        with self._at_work() as db:
            return db.execute("INSERT OR IGNORE INTO request VALUES (?)", [request_id]).rowcount == 1

    def look_up(self, number: str, pin: str = "") -> CityAnswer | None:
        """Return a card; with `pin`, whether it is right."""
        with self._at_work() as db:
            card = _card(db, "number = ?", number)
            if card is None or not pin:
                return card
            kept = db.execute("SELECT pin FROM card WHERE number = ?", [number]).fetchone()[0]
            if not kept:
                return replace(card, pin=PinSaid.NONE)
            is_right = hmac.compare_digest(kept, _hashed(pin, number))
            return replace(card, pin=PinSaid.RIGHT if is_right else PinSaid.WRONG)

    def look_for(self, person: bytes) -> CityAnswer | None:
        """Return the good card of a person."""
        with self._at_work() as db:
            return _card(db, "person = ? AND status IN ('issued', 'active')", person) if person else None

    def take(self, message: Message) -> tuple[str, int]:
        """Take a message down, once for its key. Return ("", revision), or the code of a refusal and 0."""
        with self._at_work() as db:
            before = db.execute("SELECT code, revision FROM answer WHERE key = ?", [message.key]).fetchone()
            if before is not None:
                return str(before[0]), int(before[1])
            known = _card(db, "number = ?", message.number)
            other = _card(db, "number = ?", message.other) if message.other else None
            his = _card(db, "person = ? AND status IN ('issued', 'active')", message.person) if message.person else None
            code = refusal(message, known, other, his)
            revision = 0
            if not code:
                for card in after(message, known):
                    revision = _write(db, card)
            db.execute("INSERT INTO answer VALUES (?, ?, ?)", [message.key, code, revision])
            return code, revision

    def changes(self, since: int) -> Changes:
        """Return the cards that changed after number `since`, each as it is now, at most PAGE of them; after -1 none."""
        with self._at_work() as db:
            if since < 0:
                return Changes(int(db.execute("SELECT coalesce(max(revision), 0) FROM card").fetchone()[0]))
            rows = db.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM card WHERE revision > ? ORDER BY revision LIMIT ?",  # noqa: S608  # our own names
                [since, PAGE + 1],
            ).fetchall()
        cards = [_answer(row) for row in rows[:PAGE]]
        return Changes(cards[-1].revision if cards else since, tuple(cards), is_all=len(rows) <= PAGE)

    def put(self, card: CityAnswer, pin: str = "") -> int:
        """Write a card as another library of the city would, with its PIN; return its revision."""
        with self._at_work() as db:
            revision = _write(db, card)
            if pin:
                db.execute(
                    "UPDATE card SET pin = ?, pin_version = pin_version + 1 WHERE number = ?",
                    [_hashed(pin, card.number), card.number],
                )
            return revision

    def cards(self) -> list[CityAnswer]:
        """Return the cards that changed last, newest first, for the service's own page."""
        with self._at_work() as db:
            rows = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM card ORDER BY revision DESC LIMIT 50").fetchall()  # noqa: S608  # our own names
        return [_answer(row) for row in rows]

    @contextmanager
    def _at_work(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._db:
            yield self._db


def _card(db: sqlite3.Connection, which: str, value: object) -> CityAnswer | None:
    row = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM card WHERE {which}", [value]).fetchone()  # noqa: S608  # our own names
    return _answer(row) if row is not None else None


def _write(db: sqlite3.Connection, card: CityAnswer) -> int:
    (last,) = db.execute("SELECT coalesce(max(revision), 0) FROM card").fetchone()
    values = {
        "birth_date": card.birth_date.isoformat() if card.birth_date else None,
        "expires_on": card.expires_on.isoformat() if card.expires_on else None,
        "deposit": str(card.deposit),
        "revision": last + 1,
    }
    row = [values.get(name, getattr(card, name)) for name in _COLUMNS]
    marks = ", ".join("?" * len(_COLUMNS))
    renewed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "pin_version")
    db.execute(
        f"INSERT INTO card ({', '.join(_COLUMNS)}) VALUES ({marks}) ON CONFLICT (number) DO UPDATE SET {renewed}",  # noqa: S608  # our own names
        row,
    )
    return int(last) + 1


def _answer(row: tuple[object, ...]) -> CityAnswer:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in ("birth_date", "expires_on"):
        values[name] = date.fromisoformat(str(values[name])) if values[name] else None
    values["deposit"] = Decimal(str(values["deposit"]))
    return CityAnswer(**values)  # type: ignore[arg-type]  # the columns are its fields


def _hashed(pin: str, number: str) -> bytes:
    return scrypt(pin.encode(errors="replace"), salt=number.encode(), n=2**10, r=8, p=1)
