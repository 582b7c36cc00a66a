"""Searching on PostgreSQL: the most popular titles first, by a small index of their own; phrases are looked at last."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The planner takes a look at each vector for cheap, but it has to be fetched and unpacked first: 20 times slower. So it
# may use nothing but GIN, and `rank + 0` keeps it from the index of the ranks.
# `candidates` is what GIN alone can answer, `wanted` the same with tokens side by side, or NULL. Its condition, being a
# subquery, stays above the sort: vectors are unpacked in the order of the ranks until there are enough hits.
# `popular` is the last rank of the index of popular titles (search/popular.py); its value has to stand in the query so
# that the planner can use that index. Whatever it is, the hits are right.
RANKS = """
CREATE FUNCTION catalogue_search_ranks(candidates tsquery, wanted tsquery, last bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off
SET max_parallel_workers_per_gather = 0 SET jit = off SET work_mem = '32MB'
AS $$
DECLARE
    popular bigint := obj_description(to_regclass('catalogue_searchdocument_popular'), 'pg_class');
    already integer := 0;
    query text := CASE WHEN wanted IS NULL THEN
        'SELECT rank FROM catalogue_searchdocument WHERE vector @@ $1 AND rank + 0 <= $3 AND rank + 0 %s '
        'ORDER BY rank + 0 LIMIT $4'
    ELSE
        'SELECT rank FROM (SELECT rank, ctid AS place FROM catalogue_searchdocument '
        'WHERE vector @@ $1 AND rank + 0 <= $3 AND rank + 0 %s ORDER BY rank + 0) candidate '
        'WHERE (SELECT one.vector @@ $2 FROM catalogue_searchdocument one WHERE one.ctid = candidate.place) LIMIT $4'
    END;
BEGIN
    IF popular IS NOT NULL THEN
        RETURN QUERY EXECUTE format(query, '<= ' || popular) USING candidates, wanted, last, most;
        GET DIAGNOSTICS already = ROW_COUNT;
        IF already >= most OR last <= popular THEN
            RETURN;
        END IF;
    END IF;
    RETURN QUERY EXECUTE format(query, '> ' || coalesce(popular, 0)) USING candidates, wanted, last, most - already;
END $$
"""
BEFORE = (
    "CREATE FUNCTION catalogue_search_ranks(wanted tsquery, last bigint, most integer) RETURNS SETOF bigint "
    "LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$ "
    "WITH hit AS MATERIALIZED (SELECT rank FROM catalogue_searchdocument WHERE vector @@ wanted AND rank <= last) "
    "SELECT rank FROM hit ORDER BY rank LIMIT most $$"
)


def add(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION catalogue_search_ranks(tsquery, bigint, integer)", None)
        editor.execute(RANKS, None)


def drop(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS catalogue_searchdocument_popular", None)
        editor.execute("DROP FUNCTION catalogue_search_ranks(tsquery, tsquery, bigint, integer)", None)
        editor.execute(BEFORE, None)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0011_search_index")]
    operations = [migrations.RunPython(add, drop)]
