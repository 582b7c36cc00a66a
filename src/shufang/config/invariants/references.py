"""Rows that name others which are not there: foreign keys that the database does not hold itself, and plain ids."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey

from shufang.config.invariants.rule import Invariant

_PLAIN = (
    ("circulation_event", "loan_id", "circulation_loan", ""),
    ("money_charge", "loan_id", "circulation_loan", ""),
    ("notices_notice", "subject_id", "circulation_loan", " AND a.subject = 'loan'"),
    ("notices_notice", "subject_id", "circulation_hold", " AND a.subject = 'hold'"),
    ("branches_storedreply", "subject_id", "catalogue_item", " AND a.subject = 'item'"),
    ("branches_storedreply", "subject_id", "patrons_patron", " AND a.subject = 'patron'"),
)
"""Table, column with an id, the table whose id it is, and which rows are meant."""


def invariants() -> Iterator[Invariant]:
    """Yield one invariant a reference."""
    for table, column, target, condition in (*_unconstrained(), *_PLAIN):
        yield Invariant(
            f"{table}_{column}_of_{target}",
            f"Row {{0}} of {table} names {column} {{1}}, which is not in {target}.",
            f"SELECT a.id, a.{column} FROM {table} a WHERE a.{column} IS NOT NULL{condition} "  # noqa: S608  # our own names
            f"AND NOT EXISTS (SELECT 1 FROM {target} b WHERE b.id = a.{column})",
        )
    if connection.vendor == "sqlite":
        yield Invariant(
            "foreign_keys",
            "Row {0} of {1} names a row of {2} that is not there.",
            'SELECT rowid, "table", parent FROM pragma_foreign_key_check',
        )


def _unconstrained() -> Iterator[tuple[str, str, str, str]]:
    """Find the foreign keys without a constraint by asking the database which it has."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            options = model._meta  # noqa: SLF001  # Django's documented Model _meta API
            held = {
                name
                for constraint in connection.introspection.get_constraints(cursor, options.db_table).values()
                if constraint["foreign_key"]
                for name in constraint["columns"]
            }
            for field in options.local_fields:
                target = field.related_model
                if isinstance(field, ForeignKey) and field.column not in held and isinstance(target, type):
                    key = target._meta.db_table  # noqa: SLF001  # as above
                    yield options.db_table, field.column, key, ""
