"""Triggers that let rows of a table be added but never changed or deleted, for migrations, on both engines."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def append_only(table: str) -> migrations.RunPython:
    """Return the (reversible) operation that makes `table` append-only; a change fails with the table's name."""

    def add(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for verb in ("UPDATE", "DELETE"):
            if editor.connection.vendor == "postgresql":
                for statement in _postgresql(table, verb):
                    editor.execute(statement)
            else:
                editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )

    def drop(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for verb in ("update", "delete"):
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER {table}_no_{verb}{on}")
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP FUNCTION {table}_refuse()")

    return migrations.RunPython(add, drop)


def _postgresql(table: str, verb: str) -> tuple[str, str]:
    function = (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    trigger = (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
    return function, trigger
