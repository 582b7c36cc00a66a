"""The locks of a verb that starts from a card and a barcode, taken in the one order by one statement.

Title (only when a hold stands on it), patrons by id (the card's and the open loan's), items by id (the one, and what is
kept of that title for the card's patron). PostgreSQL only: SQLite's
transaction is the lock. What was read for it is read again under the locks; when it has changed meanwhile everything is
let go and tried again, at most three times.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from shufang.circulation.item_at_hand import TRIES, ItemBusyError
from shufang.circulation.queries.stored import ON_POSTGRESQL
from shufang.kernel.numbers import as_number

T = TypeVar("T")

_LOCK = """
WITH wanted AS MATERIALIZED (SELECT id, title_id FROM catalogue_item WHERE barcode = %s),
title AS MATERIALIZED (
  SELECT t.id FROM catalogue_title t WHERE t.id = (SELECT title_id FROM wanted) AND EXISTS (
    SELECT 1 FROM circulation_hold h WHERE h.title_id = t.id AND h.patron_id IS NOT NULL)
  FOR NO KEY UPDATE OF t),
patron AS MATERIALIZED (
  SELECT p.id FROM patrons_patron p WHERE (SELECT count(*) FROM title) >= 0 AND p.id IN (
    SELECT c.patron_id FROM patrons_card c WHERE c.number = %s
    UNION SELECT l.patron_id FROM circulation_loan l
    WHERE l.item_id = (SELECT id FROM wanted) AND NOT (l.status = 'closed'))
  ORDER BY p.id FOR NO KEY UPDATE OF p),
item AS MATERIALIZED (
  SELECT i.id FROM catalogue_item i WHERE (SELECT count(*) FROM patron) >= 0 AND i.id IN (
    SELECT id FROM wanted
    UNION SELECT h.item_id FROM circulation_hold h JOIN patrons_card c ON c.patron_id = h.patron_id
    WHERE c.number = %s AND h.title_id = (SELECT id FROM title))
  ORDER BY i.id FOR NO KEY UPDATE OF i)
SELECT (SELECT id FROM title), ARRAY(SELECT id FROM patron), ARRAY(SELECT id FROM item)
"""


class MovedError(Exception):
    """What was locked is no longer what the verb needs: somebody was quicker. `attempts` lets go and tries again."""


class Locked(NamedTuple):
    """The ids of the locked rows. On SQLite `is_everything`: the transaction itself is the lock."""

    title_id: int | None = None
    patron_ids: frozenset[int] = frozenset()
    item_ids: frozenset[int] = frozenset()
    is_everything: bool = False

    def check(self, title_id: int | None, patron_ids: Iterable[int], item_ids: Iterable[int]) -> None:
        """Raise MovedError unless a title (None: none needed), patrons and items are all locked."""
        if self.is_everything:
            return
        if title_id not in (None, self.title_id):
            raise MovedError
        if not (self.patron_ids.issuperset(patron_ids) and self.item_ids.issuperset(item_ids)):
            raise MovedError


_EVERYTHING = Locked(is_everything=True)


def lock(cursor: CursorWrapper, card_number: str, barcode: str) -> Locked:
    """Lock what a card and a barcode concern; on SQLite nothing is asked."""
    if not ON_POSTGRESQL:
        return _EVERYTHING
    number = as_number(card_number)
    cursor.execute(_LOCK, [as_number(barcode), number, number])
    title_id, patron_ids, item_ids = cursor.fetchone()
    return Locked(title_id, frozenset(patron_ids), frozenset(item_ids))


class _Outer(threading.local):
    """What the opener of this thread's transaction has promised."""

    does_all_again = False


_outer = _Outer()


@contextmanager
def done_again_as_a_whole() -> Iterator[None]:
    """Promise that this thread's transaction is rolled back and done again when `MovedError` comes out of a verb.

    `attempts` then needs no savepoint, which on PostgreSQL is two of ten round trips of a checkout.
    """
    _outer.does_all_again = True
    try:
        yield
    finally:
        _outer.does_all_again = False


def attempts(barcode: str, work: Callable[[CursorWrapper], T]) -> T:
    """Run `work` in a transaction of its own, again when it raises MovedError.

    Within another transaction: in a savepoint on PostgreSQL (not within `done_again_as_a_whole`); on SQLite, where nothing moves under the one writer, in
    that transaction itself, which an exception ends. ItemBusyError after TRIES; nothing was done then and the request may be repeated.
    """
    if not ON_POSTGRESQL or _outer.does_all_again:
        if connection.in_atomic_block:
            with connection.cursor() as cursor:
                return work(cursor)
        with transaction.atomic(), connection.cursor() as cursor:
            return work(cursor)
    for _ in range(TRIES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                return work(cursor)
        except MovedError:
            continue
    raise ItemBusyError(barcode)
