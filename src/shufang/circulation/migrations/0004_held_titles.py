"""Whether a policy lends a copy from the shelf while readers wait for every free copy of the title.

Plain SQL, because Django makes SQLite's table anew for such a column, and the triggers of the rules' stamp would go with
the old one.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("circulation", "0003_rules_stamp")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE circulation_policy ADD COLUMN lends_held_titles boolean DEFAULT false NOT NULL",
                    "ALTER TABLE circulation_policy DROP COLUMN lends_held_titles",
                )
            ],
            state_operations=[
                migrations.AddField(
                    "policy",
                    "lends_held_titles",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name=(
                            "a copy on the shelf is lent to whoever brings it, though readers wait for every free copy"
                        ),
                    ),
                )
            ],
        )
    ]
