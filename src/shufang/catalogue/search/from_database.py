"""What the index has to know of titles, read back from the database, for titles that are indexed again."""

from collections.abc import Sequence

from shufang.catalogue.loading.indexing import indexable_titles
from shufang.catalogue.models import Item, Title, TitleIdentifier
from shufang.catalogue.search.indexable import IndexableTitle


def indexable(title_ids: Sequence[int]) -> list[IndexableTitle]:
    """Return what the index has to know of titles: from their stored MARC records, else from their own columns."""
    found = indexable_titles(title_ids)
    others = set(title_ids) - {title.id for title in found}
    return [*found, *_from_columns(sorted(others))] if others else found


def _from_columns(title_ids: Sequence[int]) -> list[IndexableTitle]:
    numbers: dict[int, list[str]] = {}
    calls: dict[int, list[str]] = {}
    for title_id, value in TitleIdentifier.objects.filter(
        title_id__in=title_ids, kind__in=("isbn", "issn")
    ).values_list("title_id", "value"):
        numbers.setdefault(title_id, []).append(value)
    items = Item.objects.filter(title_id__in=title_ids).exclude(call_number="")
    for title_id, call in items.values_list("title_id", "call_number").distinct():
        calls.setdefault(title_id, []).append(call)
    return [
        IndexableTitle(
            id=title.id,
            title=title.title,
            title_romanised=title.title_romanised,
            volume=title.volume,
            author=title.author,
            author_romanised=title.author_romanised,
            responsibility=title.responsibility,
            series=tuple(filter(None, [title.series])),
            subjects=tuple(str(subject) for subject in title.subjects),
            publishers=tuple(filter(None, [title.publisher])),
            identifiers=tuple(numbers.get(title.id, ())),
            call_numbers=tuple(filter(None, [title.class_number, *calls.get(title.id, ())])),
            language=title.language,
            year=title.year,
            main_class=title.main_class_id or "",
            material=title.material,
            popularity=title.popularity,
            is_suppressed=title.is_suppressed,
        )
        for title in Title.objects.filter(id__in=title_ids).order_by("id")
    ]
