"""The 22 main classes of the Chinese Library Classification, from loading/data/clc_main_classes.csv."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from shufang.catalogue.loading.classification import main_classes


def add(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("catalogue", "MainClass")
    for row in main_classes():
        model.objects.update_or_create(letter=row.letter, defaults={"name": row.name, "name_en": row.name_en})


def leave(_apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Titles point at the classes; the table itself goes with 0001."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(add, leave)]
