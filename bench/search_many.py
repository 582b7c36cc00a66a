"""Build a catalogue of N titles out of the real records, then time a mix of searches: `python -m bench.search_many FILE N RUNS`.

Each record stands as many times as needed, every time as a title of its own with a popularity of its own; one title in
two has an item. Prints JSON: for each query the seconds of each time it was asked, and how many it found.
"""

import json
import os
import random
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from shufang.catalogue.search.results import Chosen

MIX: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("one character 书", "书", {}),
    ("one character 龙", "龙", {}),
    ("中国", "中国", {}),
    ("zg", "zg", {}),
    ("zhsj", "zhsj", {}),
    ("zhonghua shuju", "zhonghua shuju", {}),
    ("a phrase", '"中国文学史"', {}),
    ("a common phrase 出版社", "出版社", {}),
    ("two words", "中国 文学", {}),
    ("no hit", "三休龘龘", {}),
    ("中国 at GMD", "中国", {"branch": "GMD"}),
    ("中国 in class I", "中国", {"main_class": "I"}),
    ("中国 in Chinese", "中国", {"language": "chi"}),
)
TIMES = 30


def build(path: Path, wanted: int) -> None:
    """Load the records once, then multiply titles, search documents and items up to `wanted` titles, inside the database."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from shufang.catalogue.loading.load import LoadOptions, load_files
    from shufang.catalogue.loading.rejects import RejectFile
    from shufang.catalogue.search import index
    from shufang.demo import network
    from shufang.kernel.clock import now

    call_command("migrate", verbosity=0)
    network.lay_out(now() - timedelta(days=1))
    with RejectFile(settings.SHUFANG_DATA / "rejects", "bench") as rejects:
        load_files([path], LoadOptions(), rejects, lambda _: None)
    with transaction.atomic(), connection.cursor() as cursor:
        _lay_out_copies(cursor, wanted)
        _copy_titles(cursor)
        _copy_documents(cursor)
        _add_items(cursor)
    index.settle()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _lay_out_copies(cursor: "CursorWrapper", wanted: int) -> None:
    """Write down which title stands for which copy: (id, id of the one it copies, popularity)."""
    cursor.execute("SELECT id FROM catalogue_title ORDER BY id")
    ids = [number for (number,) in cursor.fetchall()]
    chance = random.Random(20261122)
    rows = [
        (ids[-1] + 1 + n, ids[n % len(ids)], int(chance.paretovariate(1.1))) for n in range(max(0, wanted - len(ids)))
    ]
    cursor.execute("CREATE TEMPORARY TABLE copies (id bigint PRIMARY KEY, of_id bigint, popularity integer)")
    if cursor.db.vendor == "postgresql":
        columns = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute("INSERT INTO copies SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::integer[])", columns)
    else:
        cursor.executemany("INSERT INTO copies VALUES (%s, %s, %s)", rows)


def _copy_titles(cursor: "CursorWrapper") -> None:
    from shufang.catalogue.models import Title

    own = {"id": "c.id", "control_number": "'copy' || c.id", "popularity": "c.popularity"}
    columns = [field.column or "" for field in Title._meta.concrete_fields]  # noqa: SLF001  # Django's documented way
    said = ", ".join(own.get(column, f"t.{column}") for column in columns)
    cursor.execute(
        f"INSERT INTO catalogue_title ({', '.join(columns)}) "
        f"SELECT {said} FROM copies c JOIN catalogue_title t ON t.id = c.of_id ORDER BY c.id"
    )


def _copy_documents(cursor: "CursorWrapper") -> None:
    """Copy the search documents, each with the rank of its own (search/rank.py); PostgreSQL then makes its index anew."""
    from shufang.catalogue.search.rank import FACET_BITS, LAST_FACET, MOST_POPULAR, POPULARITY_SHIFT

    is_postgresql = cursor.db.vendor == "postgresql"
    texts = ["in_title", "in_author", "in_rest"]
    columns = [*(["vector"] if is_postgresql else []), *texts]
    columns += [f"{what}_{way}" for what in ("title", "author") for way in ("key", "pinyin", "initials")]
    rank = (
        f"(CAST({MOST_POPULAR} - c.popularity AS bigint) << {POPULARITY_SHIFT}) | (c.id << {FACET_BITS}) "
        f"| (d.rank & {LAST_FACET})"
    )
    definition = ""
    if is_postgresql:
        cursor.execute("SELECT pg_get_indexdef('catalogue_searchdocument_vector'::regclass)")
        definition = cursor.fetchone()[0]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP INDEX catalogue_searchdocument_vector")
    cursor.execute(
        f"INSERT INTO catalogue_searchdocument (rank, title_id, {', '.join(columns)}) SELECT {rank}, c.id, "
        f"{', '.join(f'd.{column}' for column in columns)} FROM copies c "
        f"JOIN catalogue_searchdocument d ON d.title_id = c.of_id ORDER BY {'c.id' if is_postgresql else '1'}"
    )
    if is_postgresql:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(definition)
    else:
        cursor.execute(
            f"INSERT INTO catalogue_searchindex (rowid, {', '.join(texts)}) SELECT rank, {', '.join(texts)} "
            "FROM catalogue_searchdocument WHERE title_id IN (SELECT id FROM copies) ORDER BY rank"
        )


def _add_items(cursor: "CursorWrapper") -> None:
    """Give one title in two a copy in one of the branches, one in three of them missing."""
    cursor.execute(
        "INSERT INTO catalogue_item (barcode, title_id, library_id, home_branch_id, current_branch_id, kind_id, "
        "call_number, shelf, volume, status, status_since, is_floating, is_for_loan, note, created_at) "
        "SELECT 'BS' || t.id, t.id, b.library_id, b.id, b.id, (SELECT id FROM catalogue_itemkind WHERE code = 'book'), "
        "'', '', '', CASE WHEN t.id %% 6 = 0 THEN 'missing' ELSE 'available' END, t.created_at, %s, %s, '', t.created_at "
        "FROM catalogue_title t JOIN branches_branch b ON b.id = (SELECT min(id) FROM branches_branch) + t.id %% 7 "
        "WHERE t.id %% 2 = 0",
        [False, True],
    )


def rare_word() -> str:
    """Return the first four characters of a title that few titles share."""
    from shufang.catalogue.models import Title
    from shufang.catalogue.search.query import search

    for title in Title.objects.order_by("-id")[:2000]:
        word = title.title[:4].strip()
        if len(word) == 4 and word.isalpha() and not word.isascii() and 1 <= search(word).count <= 40:
            return word
    raise RuntimeError("every word is common")


def chosen_of(facets: dict[str, str]) -> "Chosen":
    """Return the facets of a query of the mix."""
    from shufang.catalogue.search.results import Chosen

    return Chosen(
        branch=facets.get("branch", ""), language=facets.get("language", ""), main_class=facets.get("main_class", "")
    )


def main(path: Path, wanted: int, runs: int) -> None:
    """Build, measure, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shufang.config.settings")
    django.setup()
    from shufang.catalogue.models import Title
    from shufang.catalogue.search.query import search

    begin = time.perf_counter()
    build(path, wanted)
    built = time.perf_counter() - begin
    word = rare_word()
    queries = [
        (f"rare word {word}", word, chosen_of({})),
        *[(name, text, chosen_of(chosen)) for name, text, chosen in MIX],
    ]
    found = {name: search(text, facets=chosen) for name, text, chosen in queries}
    results: list[dict[str, list[float]]] = []
    for _ in range(runs):
        times: dict[str, list[float]] = {name: [] for name, _text, _chosen in queries}
        for _ in range(TIMES):
            for name, text, chosen in queries:
                moment = time.perf_counter()
                search(text, facets=chosen)
                times[name].append(time.perf_counter() - moment)
        results.append(times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = {name: f"{one.count}{'+' if one.is_more else ''}" for name, one in found.items()}
    print(
        json.dumps({"titles": Title.objects.count(), "built": built, "counts": counts, "runs": results, "peak": peak})
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
