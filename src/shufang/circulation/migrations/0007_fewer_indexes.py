"""Loans without indexes on what nobody looks loans up by: each costs a page in every checkout's commit.

The indexes are dropped by their columns, since Django would make SQLite's tables anew, once a column.
"""

import django.db.models.deletion as on_delete
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DROPPED = {
    "circulation_loan": (
        "calendar_branch_id",
        "card_kind_id",
        "group_id",
        "item_id",
        "library_id",
        "patron_id",
        "policy_id",
        "returned_branch_id",
    ),
    "circulation_readermonth": ("branch_id", "patron_id"),
}


def drop(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for table, columns in DROPPED.items():
        for name in _indexes(editor, table, columns):
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")


def make(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for table, columns in DROPPED.items():
        for column in columns:
            editor.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")


def _indexes(editor: BaseDatabaseSchemaEditor, table: str, columns: tuple[str, ...]) -> list[str]:
    """Return the names of the plain indexes on one of these columns alone; unique ones are rules and stay."""
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, table)
    return [
        name
        for name, told in found.items()
        if told["index"] and not told["unique"] and len(told["columns"]) == 1 and told["columns"][0] in columns
    ]


def _key(to: str, what: object = on_delete.PROTECT, **settings: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=what, to=to, db_index=False, **{"related_name": "+", **settings})


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0002_replies_by_subject_alone"),
        ("catalogue", "0013_index_of_items_to_work_on"),
        ("circulation", "0006_clock_correction"),
        ("patrons", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, make)],
            state_operations=[
                migrations.AlterField("loan", "calendar_branch", _key("branches.branch")),
                migrations.AlterField("loan", "card_kind", _key("patrons.cardkind")),
                migrations.AlterField("loan", "group", _key("catalogue.itemgroup")),
                migrations.AlterField("loan", "item", _key("catalogue.item", related_name="loans")),
                migrations.AlterField("loan", "library", _key("branches.library", verbose_name="owning library")),
                migrations.AlterField(
                    "loan", "patron", _key("patrons.patron", null=True, blank=True, related_name="loans")
                ),
                migrations.AlterField("loan", "policy", _key("circulation.policy")),
                migrations.AlterField("loan", "returned_branch", _key("branches.branch", null=True, blank=True)),
                migrations.AlterField("readermonth", "branch", _key("branches.branch")),
                migrations.AlterField("readermonth", "patron", _key("patrons.patron", what=on_delete.CASCADE)),
            ],
        )
    ]
