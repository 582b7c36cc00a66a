"""Titles, items and the search index."""

# ruff: noqa: S608  # the queries are put together from constants of this file alone

from shufang.catalogue.item_life import ItemStatus
from shufang.config.invariants.rule import Invariant

_STATUSES = ", ".join(f"'{status.value}'" for status in ItemStatus)

INVARIANTS = (
    Invariant(
        "one_barcode_an_item",
        "{1} items have the barcode of item {0}.",
        "SELECT min(id), count(*) FROM catalogue_item GROUP BY barcode HAVING count(*) > 1",
    ),
    Invariant(
        "known_status",
        "Item {0} has the unknown status {1}.",
        f"SELECT id, status FROM catalogue_item WHERE status NOT IN ({_STATUSES})",
    ),
    Invariant(
        "one_title_a_source_number",
        "{1} titles have source and number of title {0}.",
        "SELECT min(id), count(*) FROM catalogue_title GROUP BY source, control_number HAVING count(*) > 1",
    ),
    Invariant(
        "title_can_be_found",
        "Title {0} is not in the search index. Mend it with: shufang reindex",
        "SELECT t.id FROM catalogue_title t WHERE NOT t.is_suppressed "
        "AND NOT EXISTS (SELECT 1 FROM catalogue_searchdocument d WHERE d.title_id = t.id)",
    ),
    Invariant(
        "suppressed_title_cannot_be_found",
        "Title {0} is kept from readers, but is in the search index. Mend it with: shufang reindex",
        "SELECT t.id FROM catalogue_title t JOIN catalogue_searchdocument d ON d.title_id = t.id WHERE t.is_suppressed",
    ),
)
