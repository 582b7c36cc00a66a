"""Bulk work in short transactions: nobody who lends waits longer than about 20 ms for a job."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

Each = TypeVar("Each")
Row = TypeVar("Row", bound=Model)

LONGEST = 0.02
"""Seconds of writing after which a transaction is committed."""
AT_ONCE = 100
"""Rows of one deleting or changing statement; measured far below LONGEST."""


def each_alone(things: Iterable[Each], work: Callable[[Each], bool]) -> int:
    """Do `work` for each thing in a transaction of its own; return how many times it said True.

    For what locks several rows: the one order of locks holds within a transaction, so that it must not go on to the next
    thing's title with the last one's patron still locked.
    """
    done = 0
    for thing in things:
        with transaction.atomic():
            done += bool(work(thing))
    return done


def in_portions(things: Iterable[Each], work: Callable[[Each], bool]) -> int:
    """Do `work` for each thing, many in a transaction of at most LONGEST; return how many times it said True.

    For what writes rows of one table, given in the order of their ids. An exception undoes the transaction it happened
    in, not those before.
    """
    rest = iter(things)
    done = 0
    pending = next(rest, None)
    while pending is not None:
        with transaction.atomic():
            until = time.monotonic() + LONGEST
            while pending is not None:
                done += bool(work(pending))
                pending = next(rest, None)
                if time.monotonic() >= until:
                    break
    return done


def delete(rows: QuerySet[Row]) -> int:
    """Delete rows, AT_ONCE in a transaction, by their ids; return how many. Foreign keys to them must not cascade far."""
    return _by_ids(rows, lambda some: some.delete()[0])


def change(rows: QuerySet[Row], **values: object) -> int:
    """Set columns of rows, AT_ONCE in a transaction; return how many. The change must take a row out of `rows`."""
    return _by_ids(rows, lambda some: some.update(**values))


def _by_ids(rows: QuerySet[Row], work: Callable[[QuerySet[Row]], int]) -> int:
    done = 0
    ids: Sequence[object] = list(rows.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            done += work(rows.filter(pk__in=ids[first : first + AT_ONCE]))
    return done
