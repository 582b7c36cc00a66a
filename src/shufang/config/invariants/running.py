"""Running the invariants over the whole database."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

from django.db import connection

from shufang.config.invariants import catalogue, engine, events, holds, loans, money, people, references
from shufang.config.invariants.rule import Invariant

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """One invariant, the sentences of what breaks it, and how long it took (seconds)."""

    invariant: Invariant
    violations: tuple[str, ...]
    seconds: float


def all_invariants() -> tuple[Invariant, ...]:
    """Return every invariant, in the order in which they are checked."""
    modules = (loans, holds, money, people, catalogue, events)
    found = [invariant for module in modules for invariant in module.INVARIANTS]
    return (*found, *references.invariants(), *engine.invariants())


def run_all() -> Iterator[Checked]:
    """Check one invariant after the other. Each sees the database of its own moment; nothing is locked."""
    for invariant in all_invariants():
        began = perf_counter()
        violations = tuple(_violations(invariant))
        yield Checked(invariant, violations, perf_counter() - began)


def _violations(invariant: Invariant) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(invariant.sql)
        while rows := cursor.fetchmany(AT_ONCE):
            for row in rows:
                yield invariant.sentence.format(*row)
