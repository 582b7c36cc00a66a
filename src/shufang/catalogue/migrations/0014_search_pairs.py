"""Two bigrams of hanzi side by side as one more lexeme on PostgreSQL, added to the documents that are there."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CJK = r"\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
ADD = rf"""
UPDATE catalogue_searchdocument d SET vector = d.vector || array_to_tsvector(ARRAY(
    SELECT DISTINCT one.lexeme || other.bigram
    FROM (SELECT lexeme, unnest(positions) AS place FROM unnest(d.vector)) one
    JOIN (SELECT left(lexeme, -2) AS sign, right(lexeme, 2) AS bigram, unnest(positions) AS place
          FROM unnest(d.vector)) other ON other.place = one.place + 1
    WHERE one.lexeme ~ '^[<>]?[{CJK}]{{2}}$' AND other.sign = left(one.lexeme, -2)
    AND other.bigram ~ '^[{CJK}]{{2}}$' AND right(one.lexeme, 1) = left(other.bigram, 1)
))
"""  # noqa: S608  # our own characters
DROP = rf"""
UPDATE catalogue_searchdocument d SET vector = ts_delete(d.vector, ARRAY(
    SELECT lexeme FROM unnest(d.vector) WHERE lexeme ~ '^[<>]?[{CJK}]{{4}}$'
))
"""  # noqa: S608  # our own characters


# The index is made anew rather than grown by each row (1 ms a title in all). That of the popular titles follows with the
# next load or night.
WITHOUT_INDEX = (
    "DROP INDEX IF EXISTS catalogue_searchdocument_popular",
    "DROP INDEX catalogue_searchdocument_vector",
)
INDEX = "CREATE INDEX catalogue_searchdocument_vector ON catalogue_searchdocument USING gin (vector)"


def run(editor: BaseDatabaseSchemaEditor, update: str) -> None:
    if editor.connection.vendor == "postgresql":
        for statement in (*WITHOUT_INDEX, update, INDEX):
            editor.execute(statement, None)


def add(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    run(editor, ADD)


def drop(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    run(editor, DROP)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0013_index_of_items_to_work_on")]
    operations = [migrations.RunPython(add, drop)]
