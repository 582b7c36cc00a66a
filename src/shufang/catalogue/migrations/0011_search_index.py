"""The index of search by engine: FTS5 on SQLite, a tsvector with GIN on PostgreSQL; and the keys of suggestions."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEYS = ("title_key", "title_pinyin", "title_initials", "author_key", "author_pinyin", "author_initials")

SQLITE = (
    "CREATE VIRTUAL TABLE catalogue_searchindex USING fts5(in_title, in_author, in_rest, "
    "content='catalogue_searchdocument', content_rowid='rank', columnsize=0, "
    "tokenize=\"ascii tokenchars '~=@%+#.^$'\")",
    # Rows are added to both tables by search/index.py (an insert by trigger makes FTS5 write a segment a row).
    "CREATE TRIGGER catalogue_searchindex_forget BEFORE DELETE ON catalogue_searchdocument BEGIN "
    "INSERT INTO catalogue_searchindex(catalogue_searchindex, rowid, in_title, in_author, in_rest) "
    "VALUES('delete', old.rank, old.in_title, old.in_author, old.in_rest); END",
    *(
        f"CREATE INDEX catalogue_searchdocument_{key} ON catalogue_searchdocument({key}) WHERE {key} <> ''"
        for key in KEYS
    ),
)
SQLITE_BACK = (
    *(f"DROP INDEX catalogue_searchdocument_{key}" for key in KEYS),
    "DROP TRIGGER catalogue_searchindex_forget",
    "DROP TABLE catalogue_searchindex",
)
POSTGRESQL = (
    "ALTER TABLE catalogue_searchdocument ADD COLUMN vector tsvector NOT NULL DEFAULT ''::tsvector",
    "ALTER TABLE catalogue_searchdocument ALTER COLUMN vector DROP DEFAULT",
    "CREATE INDEX catalogue_searchdocument_vector ON catalogue_searchdocument USING gin (vector)",
    # The planner takes a look at each vector for cheap, but it has to be fetched and unpacked first: 20 times slower.
    "CREATE FUNCTION catalogue_search_ranks(wanted tsquery, last bigint, most integer) RETURNS SETOF bigint "
    "LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$ "
    "WITH hit AS MATERIALIZED (SELECT rank FROM catalogue_searchdocument WHERE vector @@ wanted AND rank <= last) "
    "SELECT rank FROM hit ORDER BY rank LIMIT most $$",
    *(
        f"CREATE INDEX catalogue_searchdocument_{key} ON catalogue_searchdocument({key} text_pattern_ops, rank) "
        f"WHERE {key} <> ''"
        for key in KEYS
    ),
)
POSTGRESQL_BACK = (
    "DROP FUNCTION catalogue_search_ranks(tsquery, bigint, integer)",
    *(f"DROP INDEX catalogue_searchdocument_{key}" for key in KEYS),
    "ALTER TABLE catalogue_searchdocument DROP COLUMN vector",
)


def run(editor: BaseDatabaseSchemaEditor, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in postgresql if editor.connection.vendor == "postgresql" else sqlite:
        editor.execute(statement, None)


def add(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    run(editor, SQLITE, POSTGRESQL)


def drop(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    run(editor, SQLITE_BACK, POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_searchdocument")]
    operations = [migrations.RunPython(add, drop)]
