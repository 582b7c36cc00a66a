"""Making the demonstration on its first start, in steps of one transaction each: an interrupted start goes on later."""

from collections.abc import Callable

from django.db import connection

from shufang.circulation.models import Event
from shufang.demo import cast, catalogue, network, people, year
from shufang.kernel.clock import now
from shufang.patrons.models import Card


def build(say: Callable[[str], object], *, with_history: bool) -> bool:
    """Make what is missing; return whether anything was. The year comes before the cast: events follow one another.

    Where anything has been lent already, neither people nor a year are added. Nothing that stands is changed.
    """
    if Card.objects.filter(number=cast.MEMBERS[0].number).exists():
        return False
    say("Making the network: libraries, branches, rules, about 3,000 titles …")
    network.lay_out(now())
    catalogue.load()
    if with_history and not Event.objects.exists():
        say("Inventing 2,000 readers and a year of loans …")
        people.invent(now())
        year.write_year(now())
    cast.settle(now())
    return True


def tidy() -> None:
    """Let the engine know what its tables look like now, for much was written at once. Outside of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
