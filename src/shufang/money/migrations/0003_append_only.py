"""Settlements are never changed or deleted, payments never but for the patron, who is forgotten after a time."""

from django.db import migrations

from shufang.database.append_only import append_only

FACTS = "amount, method, at, branch_id, device_id, user_id, scope, reference"


def add(_apps, editor):
    for verb in (f"UPDATE OF {FACTS}", "DELETE"):
        name = f"money_payment_no_{verb[:6].lower()}"
        if editor.connection.vendor == "postgresql":
            editor.execute(
                "CREATE OR REPLACE FUNCTION money_payment_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'money_payment is append-only'; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON money_payment "
                "FOR EACH ROW EXECUTE FUNCTION money_payment_refuse()"
            )
        else:
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON money_payment "
                "BEGIN SELECT RAISE(ABORT, 'money_payment is append-only'); END"
            )


def drop(_apps, editor):
    on = " ON money_payment" if editor.connection.vendor == "postgresql" else ""
    for verb in ("update", "delete"):
        editor.execute(f"DROP TRIGGER money_payment_no_{verb}{on}")
    if on:
        editor.execute("DROP FUNCTION money_payment_refuse()")


class Migration(migrations.Migration):
    dependencies = [("money", "0002_refunds_due")]
    operations = [append_only("money_settlement"), migrations.RunPython(add, drop)]
