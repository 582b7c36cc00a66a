"""What a reader has: read for his own pages, and shown to nobody else. Nothing is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext, ngettext

from shufang.branches.models import Branch
from shufang.circulation.models import Loan
from shufang.circulation.queries.stored import from_stored, known_time
from shufang.web.templatetags.days import days_until, weekday
from shufang.web.templatetags.words import counted


@dataclass(frozen=True, slots=True)
class Book:
    """What a line shows of a title: its cover (`pk`), name and author."""

    pk: int
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class Out:
    """Something that a reader has out."""

    loan_id: int
    barcode: str
    volume: str
    title: Book
    due_at: datetime
    renewals: int
    status: Loan.Status

    @property
    def is_open(self) -> bool:
        """Return whether it is simply out: neither lost nor said to be returned."""
        return self.status == Loan.Status.OPEN

    @property
    def is_overdue(self) -> bool:
        """Return whether its day has passed."""
        return self.is_open and days_until(self.due_at) < 0


@dataclass(frozen=True, slots=True)
class Ready:
    """A hold whose copy stands ready for the reader."""

    pk: int
    title: Book
    pickup_branch: Branch
    pickup_until: datetime | None


_OUT = """
SELECT l.id, i.barcode, i.volume, t.id, t.title, t.author, l.due_at, l.renewals, l.status
FROM circulation_loan l JOIN catalogue_item i ON i.id = l.item_id JOIN catalogue_title t ON t.id = i.title_id
WHERE l.patron_id = %s ORDER BY l.due_at, l.id
"""
_READY = """
SELECT h.id, t.id, t.title, t.author, h.pickup_branch_id, h.pickup_until
FROM circulation_hold h JOIN catalogue_title t ON t.id = h.title_id
WHERE h.patron_id = %s AND h.status = 'ready' ORDER BY h.pickup_until, h.id
"""
"""Plain SQL: the pages that readers open most begin with it, and the ORM takes ten times as long to write it."""


def out(patron_id: int) -> list[Out]:
    """Return what a reader has out, the most urgent first. One query."""
    return [
        Out(row[0], row[1], row[2], Book(*row[3:6]), known_time(row[6]), row[7], Loan.Status(row[8]))
        for row in _rows(_OUT, patron_id)
    ]


def ready(patron_id: int, branches: Mapping[int, Branch]) -> list[Ready]:
    """Return the holds whose items stand ready, the one that leaves first first. One query."""
    return [Ready(row[0], Book(*row[1:4]), branches[row[4]], from_stored(row[5])) for row in _rows(_READY, patron_id)]


def _rows(sql: str, patron_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [patron_id])
        return list(cursor.fetchall())


def headline(things: Sequence[Out]) -> str:
    """Return in one line what is out and what is urgent: 手边三本，周三还一本."""
    if not things:
        return gettext("You have nothing out")
    many = ngettext("%(number)s book out", "%(number)s books out", len(things)) % {"number": counted(len(things))}
    late = sum(thing.is_overdue for thing in things)
    if late:
        values = {"many": many, "number": counted(late)}
        return ngettext("%(many)s, %(number)s overdue", "%(many)s, %(number)s overdue", late) % values
    coming = [thing for thing in things if thing.is_open]
    first = days_until(coming[0].due_at) if coming else 7
    if first > 6:
        return many
    due = sum(days_until(thing.due_at) == first for thing in coming)
    values = {"many": many, "number": counted(due), "when": _when(coming[0].due_at, first)}
    return ngettext("%(many)s, %(number)s due %(when)s", "%(many)s, %(number)s due %(when)s", due) % values


def _when(due_at: datetime, days: int) -> str:
    return weekday(due_at) if days > 1 else gettext("tomorrow") if days else gettext("today")
