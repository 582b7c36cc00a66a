"""The index of items by status only for those that somebody has to work on, so that lending does not write to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0012_search_popular_first")]

    operations = [
        migrations.RemoveIndex("item", "item_status_since"),
        migrations.AddIndex(
            "item",
            models.Index(
                fields=["status", "status_since"],
                condition=models.Q(("status__in", ["available", "on_loan"]), _negated=True),
                name="item_status_since",
            ),
        ),
    ]
