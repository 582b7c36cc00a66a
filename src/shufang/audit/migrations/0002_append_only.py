"""Rows of audit_entry are added, never changed or deleted: a trigger holds it."""

from django.db import migrations

from shufang.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [append_only("audit_entry")]
