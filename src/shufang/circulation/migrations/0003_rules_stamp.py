"""One number that changes with every change of the rules, and an index that counts a patron's loans."""

import secrets

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = (
    "branches_branch",
    "branches_closingdays",
    "branches_library",
    "catalogue_itemgroup",
    "catalogue_itemkind",
    "circulation_agreement",
    "circulation_limit",
    "circulation_policy",
    "patrons_cardkind",
)
VERBS = ("INSERT", "UPDATE", "DELETE")


def add_triggers(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    stamps = apps.get_model("circulation", "RulesStamp").objects.using(editor.connection.alias)
    stamps.create(pk=1, stamp=secrets.randbits(62))
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE FUNCTION circulation_new_rules_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO circulation_rulesstamp (id, stamp) VALUES (1, (random() * 4e18)::bigint) "
            "ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp; RETURN NULL; END $$"
        )
    for table in TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE TRIGGER {table}_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION circulation_new_rules_stamp()"
            )
            continue
        for verb in VERBS:
            editor.execute(
                f"CREATE TRIGGER {table}_stamp_{verb.lower()} AFTER {verb} ON {table} BEGIN "
                "INSERT INTO circulation_rulesstamp (id, stamp) VALUES (1, random()) "
                "ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp; END"
            )


def drop_triggers(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    del apps
    for table in TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {table}_stamp ON {table}")
            continue
        for verb in VERBS:
            editor.execute(f"DROP TRIGGER {table}_stamp_{verb.lower()}")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION circulation_new_rules_stamp()")


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("circulation", "0002_append_only"),
        ("patrons", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="RulesStamp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stamp", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(add_triggers, drop_triggers),
        migrations.RemoveIndex(model_name="loan", name="loans_of_a_patron"),
        migrations.AddIndex(
            model_name="loan",
            index=models.Index(
                condition=models.Q(("patron__isnull", False)),
                fields=["patron", "group", "due_at"],
                name="loans_counted_of_a_patron",
            ),
        ),
    ]
