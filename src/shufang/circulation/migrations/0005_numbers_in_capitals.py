"""Card numbers and barcodes in capitals, as they are looked for. Two that differ only in that stay, for `check_data` to tell."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COLUMNS = (("catalogue_item", "barcode"), ("patrons_card", "number"))


def to_capitals(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for table, column in COLUMNS:
        capitals = f'upper({column} COLLATE "C")' if editor.connection.vendor == "postgresql" else f"upper({column})"
        editor.execute(
            f"UPDATE {table} SET {column} = {capitals} WHERE {column} <> {capitals} AND {capitals} NOT IN "
            f"(SELECT {capitals} FROM {table} GROUP BY {capitals} HAVING count(*) > 1)"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("circulation", "0004_held_titles"),
        ("catalogue", "0011_search_index"),
        ("patrons", "0001_initial"),
    ]

    operations = [migrations.RunPython(to_capitals, migrations.RunPython.noop)]
