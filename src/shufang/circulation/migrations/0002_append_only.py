"""Rows of circulation_event are added, never changed or deleted: a trigger holds it."""

from django.db import migrations

from shufang.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("circulation", "0001_initial")]
    operations = [append_only("circulation_event")]
