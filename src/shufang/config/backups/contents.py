"""What a database holds, seen through any of the two engines: its migrations and the number of rows of each table."""

from collections.abc import Callable, Iterable

Ask = Callable[[str], list[tuple[object, ...]]]
"""Runs one SQL query and returns its rows."""

PASSING = frozenset(
    {
        "django_session",
        "branches_storedreply",
        "jobs_jobrun",
        "patrons_patronsession",
        "patrons_onetimecode",
        "patrons_tries",
    }
)
"""Tables whose rows come and go while a backup is made; their numbers prove nothing."""


def migrations(ask: Ask) -> tuple[str, ...]:
    """Return the applied migrations, as in catalogue.0001_initial, sorted."""
    return tuple(sorted(f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations")))


def row_counts(ask: Ask, tables: Iterable[str]) -> dict[str, int]:
    """Return the number of rows of each table that lasts."""
    counts = {}
    for table in sorted(set(tables) - PASSING):
        ((count,),) = ask(f'SELECT count(*) FROM "{table}"')  # noqa: S608  # names of our own models' tables
        counts[table] = int(str(count))
    return counts
