"""A text that somebody may have agreed to is never changed or deleted: a trigger holds it."""

from django.db import migrations

from shufang.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_cards_at_machines")]
    operations = [append_only("registration_terms")]
