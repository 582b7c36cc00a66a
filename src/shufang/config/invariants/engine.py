"""What each engine holds or says in its own way: triggers that keep what happened, the search index, the clock."""

from collections.abc import Iterator

from django.db import connection

from shufang.catalogue.models import Title
from shufang.catalogue.search.document import facet_token
from shufang.circulation.time_believed import NOT_BELIEVED
from shufang.config.invariants.rule import Invariant

# SQLite's clock counts milliseconds and keeps times as text: what was written within this second is not of the future.
_A_SECOND_FROM_NOW = {
    "postgresql": "now() + interval '1 second'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 second')",
}

APPEND_ONLY = ("circulation_event", "audit_entry", "money_settlement", "registration_terms")


def invariants() -> Iterator[Invariant]:
    """Yield the invariants of the engine in use."""
    names = " UNION ALL ".join(
        f"SELECT '{table}_no_{verb}' AS name" for table in APPEND_ONLY for verb in ("update", "delete")
    )
    if connection.vendor == "postgresql":
        triggers = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    else:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    yield Invariant(
        "what_happened_cannot_be_changed",
        "The trigger {0} is missing.",
        f"SELECT n.name FROM ({names}) n WHERE n.name NOT IN ({triggers})",  # noqa: S608  # our own names
    )
    yield Invariant(
        "no_event_from_the_future",
        "Event {0} is of {1}, which has not come yet. Lending waits until then. Set the clock; if it is right: shufang clock",
        f"SELECT e.id, e.at FROM circulation_event e WHERE e.at > {_A_SECOND_FROM_NOW[connection.vendor]} "  # noqa: S608  # our own words
        f"AND NOT EXISTS ({NOT_BELIEVED}) ORDER BY e.at DESC LIMIT 1",
    )
    yield from _in_capitals()
    if connection.vendor == "postgresql":
        yield Invariant(
            "indexed_title_has_its_words",
            "Title {0} has no words in the search index. Mend it with: shufang reindex",
            "SELECT title_id FROM catalogue_searchdocument WHERE vector = ''::tsvector",
        )
    else:
        words = " OR ".join(f'"{facet_token("m", material)}"' for material in Title.Material.values)
        indexed = f"SELECT rowid FROM catalogue_searchindex WHERE catalogue_searchindex MATCH '{words}'"  # noqa: S608  # our own names
        yield Invariant(
            "indexed_title_has_its_words",
            "Title {0} has no words in the search index. Mend it with: shufang reindex",
            f"SELECT title_id FROM catalogue_searchdocument WHERE rank NOT IN ({indexed})",  # noqa: S608  # as above
        )
        yield Invariant(
            "no_words_without_a_title",
            "Row {0} of the search index belongs to no title. Mend it with: shufang reindex",
            f"SELECT rowid FROM ({indexed}) WHERE rowid NOT IN (SELECT rank FROM catalogue_searchdocument)",  # noqa: S608  # as above
        )


def _in_capitals() -> Iterator[Invariant]:
    """Yield that numbers stand in capitals, as they are looked for; both engines fold a to z alone."""
    collated = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    for table, column, thing in (("catalogue_item", "barcode", "Item"), ("patrons_card", "number", "Card")):
        yield Invariant(
            f"{column}_of_{table}_in_capitals",
            f"{thing} {{0}} cannot be found by its {column} {{1}}, which is not in capitals.",
            f"SELECT id, {column} FROM {table} WHERE {column} <> upper({column}{collated})",  # noqa: S608  # our own names
        )
