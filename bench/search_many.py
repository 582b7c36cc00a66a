"""Build a catalogue of N titles out of the real records, then time a mix of searches: `python -m bench.search_many FILE N RUNS`.

Each record stands as many times as needed, every time as a title of its own with a popularity of its own; one title in
two has an item. Prints JSON: for each query the seconds of each time it was asked, and how many it found.
"""

import dataclasses
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
    from shufang.catalogue.search.results import Chosen

MIX: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("one character 书", "书", {}),
    ("one character 龙", "龙", {}),
    ("中国", "中国", {}),
    ("zg", "zg", {}),
    ("zhsj", "zhsj", {}),
    ("zhonghua shuju", "zhonghua shuju", {}),
    ("a phrase", '"中国文学史"', {}),
    ("two words", "中国 文学", {}),
    ("no hit", "三休龘龘", {}),
    ("中国 at GMD", "中国", {"branch": "GMD"}),
    ("中国 in class I", "中国", {"main_class": "I"}),
    ("中国 in Chinese", "中国", {"language": "chi"}),
)
TIMES = 8


def build(path: Path, wanted: int) -> None:
    """Load the records once, then multiply titles, items and search documents up to `wanted` titles."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    from shufang.catalogue.loading.load import LoadOptions, load_files
    from shufang.catalogue.loading.rejects import RejectFile
    from shufang.catalogue.models import Title
    from shufang.catalogue.search import index
    from shufang.catalogue.search.from_database import indexable
    from shufang.demo import network
    from shufang.kernel.clock import now

    call_command("migrate", verbosity=0)
    network.lay_out(now() - timedelta(days=1))
    with RejectFile(settings.SHUFANG_DATA / "rejects", "bench") as rejects:
        load_files([path], LoadOptions(), rejects, lambda _: None)
    rows = list(Title.objects.order_by("id").values())
    documents = {
        one.title.id: one
        for n in range(0, len(rows), 500)
        for one in index.prepare(indexable([row["id"] for row in rows[n : n + 500]]))
    }
    chance = random.Random(20261122)
    left = wanted - len(rows)
    first = max(documents) + 1
    for start in range(0, left, 1000):
        clones: list[Title] = []
        prepared: list[index.Prepared] = []
        for number in range(start, min(start + 1000, left)):
            row = rows[number % len(rows)]
            said = documents[row["id"]]
            popularity = int(chance.paretovariate(1.1))
            changed = {"id": first + number, "control_number": f"copy{number}", "popularity": popularity}
            clones.append(Title(**row | changed))
            title = dataclasses.replace(said.title, id=first + number, popularity=popularity)
            prepared.append(index.Prepared(title, said.document))
        with transaction.atomic():
            Title.objects.bulk_create(clones)
            index.write(prepared, are_new=True)
    index.settle()
    _items()


def _items() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_item (barcode, title_id, library_id, home_branch_id, current_branch_id, kind_id, "
            "call_number, shelf, volume, status, status_since, is_floating, is_for_loan, note, created_at) "
            "SELECT 'BS' || t.id, t.id, b.library_id, b.id, b.id, (SELECT id FROM catalogue_itemkind WHERE code = 'book'), "
            "'', '', '', CASE WHEN t.id %% 6 = 0 THEN 'missing' ELSE 'available' END, t.created_at, %s, %s, '', t.created_at "
            "FROM catalogue_title t JOIN branches_branch b ON b.id = (SELECT min(id) FROM branches_branch) + t.id %% 7 "
            "WHERE t.id %% 2 = 0",
            [False, True],
        )
        cursor.execute("ANALYZE")


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
