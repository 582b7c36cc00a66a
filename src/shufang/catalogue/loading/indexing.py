"""What the search index has to know of a title, with all that only the MARC record says (added authors, pinyin)."""

from collections.abc import Sequence

from shufang.catalogue.loading.preparing import indexable
from shufang.catalogue.loading.source import title_values
from shufang.catalogue.loading.stored import stored_record
from shufang.catalogue.models import Item, MarcRecord
from shufang.catalogue.search.indexable import IndexableTitle
from shufang.marc.record import Record


def indexable_titles(title_ids: Sequence[int]) -> list[IndexableTitle]:
    """Return titles as the index takes them, from their stored records; two queries. One without a record is left out."""
    calls: dict[int, list[str]] = {}
    for title_id, call in Item.objects.filter(title_id__in=title_ids).values_list("title_id", "call_number").distinct():
        calls.setdefault(title_id, []).append(call)
    found: list[IndexableTitle] = []
    for stored in MarcRecord.objects.filter(title_id__in=title_ids).select_related("title").order_by("title_id"):
        record = stored_record(stored)
        if isinstance(record, Record):
            values = title_values(record, stored.title.source)
            title = stored.title
            extra = calls.get(title.id, ())
            found.append(indexable(title.id, values, extra, title.popularity, is_suppressed=title.is_suppressed))
    return found
