"""Kept replies without an index on their time: they are few, and each index costs a page in every checkout's commit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("branches", "0001_initial")]

    operations = [migrations.AlterField("storedreply", "at", models.DateTimeField())]
