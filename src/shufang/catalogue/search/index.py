"""Writing the search index: titles in bulk, one again, none any more; popularity; the whole index anew."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction

from shufang.catalogue.models import Title
from shufang.catalogue.search.document import Document, document
from shufang.catalogue.search.engine import engine
from shufang.catalogue.search.from_database import indexable
from shufang.catalogue.search.indexable import IndexableTitle
from shufang.catalogue.search.models import SearchDocument, SearchFacet
from shufang.catalogue.search.rank import MOST_POPULAR, POPULARITY_SHIFT, rank

__all__ = [
    "BATCH", "IndexableTitle", "Prepared", "index_titles", "prepare", "rebuild", "refresh_popularity", "reindex", "remove",
    "settle", "write",
]  # fmt: skip

BATCH = 64
"""So many titles are written in one transaction of about 20 ms when the index works through many."""

Facet = tuple[str, int, str, str]


class Prepared(NamedTuple):
    """What is written of one title; without a document it is only taken out."""

    title: IndexableTitle
    document: Document | None


def index_titles(titles: Iterable[IndexableTitle]) -> int:
    """Put titles into the index, replacing what it has of them; suppressed ones are taken out. Return how many are in.

    A handful of statements for all of them, in the caller's transaction if there is one: give about `BATCH` at once.
    """
    prepared = prepare(titles)
    with transaction.atomic():
        return write(prepared)


def prepare(titles: Iterable[IndexableTitle]) -> list[Prepared]:
    """Make the documents of titles, for `write`: outside of a transaction, since this takes longer than writing."""
    return [Prepared(title, None if title.is_suppressed else document(title)) for title in titles]


def write(titles: Sequence[Prepared], *, are_new: bool = False, facets: dict[Facet, int] | None = None) -> int:
    """Write prepared titles, in the caller's transaction. Return how many are in. New ones need not be taken out first.

    `facets` is a table of known combinations that a caller may keep over a run (not over a rollback).
    """
    if not are_new:
        remove([title.id for title, _ in titles])
    known = {} if facets is None else facets
    if missing := {_facet(title) for title, said in titles if said is not None} - known.keys():
        known |= _facet_ids(missing)
    rows = [
        (rank(title.id, title.popularity, known[_facet(title)]), title.id, said)
        for title, said in titles
        if said is not None
    ]
    if rows:
        rows.sort()
        engine().add(rows)
    return len(rows)


def remove(title_ids: Sequence[int]) -> None:
    """Take titles out of the index; one that is not in it does no harm."""
    SearchDocument.objects.filter(title_id__in=title_ids).delete()


def reindex(title_ids: Iterable[int]) -> int:
    """Index titles again from what the database holds of them. Return how many are in the index afterwards."""
    todo = iter(title_ids)
    done = 0
    while batch := list(islice(todo, BATCH)):
        with transaction.atomic(savepoint=False):
            done += index_titles(indexable(batch))
    return done


def rebuild() -> int:
    """Index all titles again, while searches go on. Return how many are in the index afterwards."""
    done = reindex(Title.objects.order_by("id").values_list("id", flat=True))
    settle()
    return done


def refresh_popularity() -> int:
    """Move titles whose popularity has changed to their new places in the order. Return how many moved."""
    least = "LEAST" if connection.vendor == "postgresql" else "MIN"
    now = f"{MOST_POPULAR} - {least}(t.popularity, {MOST_POPULAR})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.rank, d.rank + ({now} - (d.rank >> {POPULARITY_SHIFT})) * {1 << POPULARITY_SHIFT} "  # noqa: S608  # our own numbers
            "FROM catalogue_searchdocument d JOIN catalogue_title t ON t.id = d.title_id "
            f"WHERE d.rank >> {POPULARITY_SHIFT} <> {now} ORDER BY d.rank"
        )
        moves: list[tuple[int, int]] = cursor.fetchall()
    for start in range(0, len(moves), BATCH):
        with transaction.atomic(savepoint=False):
            engine().move(moves[start : start + BATCH])
    if moves:
        settle()
    return len(moves)


def settle() -> None:
    """Tidy the index after much writing, in small transactions."""
    engine().settle()


def _facet(title: IndexableTitle) -> Facet:
    return title.language, title.year or 0, title.main_class, title.material


def _facet_ids(facets: set[Facet]) -> dict[Facet, int]:
    """Return the ids of facet combinations; new ones are added."""
    known = _known_facets(facets)
    missing = sorted(facets - known.keys())
    if missing:
        SearchFacet.objects.bulk_create(
            (SearchFacet(language=a, year=b, main_class=c, material=d) for a, b, c, d in missing), ignore_conflicts=True
        )
        known |= _known_facets(set(missing))
    return known


def _known_facets(facets: set[Facet]) -> dict[Facet, int]:
    if not facets:
        return {}
    languages, years, classes, materials = map(set, zip(*facets, strict=True))
    rows = SearchFacet.objects.filter(
        language__in=languages, year__in=years, main_class__in=classes, material__in=materials
    )
    return {
        (language, year, main_class, material): number
        for number, language, year, main_class, material in rows.values_list(
            "id", "language", "year", "main_class", "material"
        )
    }
