"""Where the copies of titles are now, asked for many titles at once."""

import json
from collections.abc import Collection

from django.db import connection

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.search.results import FacetValue, Place

_GONE = (ItemStatus.WITHDRAWN.value, ItemStatus.LOST.value, ItemStatus.MISSING.value, ItemStatus.ON_ORDER.value)


def places(title_ids: Collection[int]) -> dict[int, tuple[Place, ...]]:
    """Return the branches that have copies of each title, in one query; copies that are gone do not count."""
    found: dict[int, list[Place]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.title_id, b.code, b.name, b.name_en, count(*), "  # noqa: S608  # constants only
            f"sum(CASE WHEN i.status = %s THEN 1 ELSE 0 END) FROM {_items()} "
            "JOIN branches_branch b ON b.id = i.current_branch_id WHERE i.status NOT IN (%s, %s, %s, %s) "
            "GROUP BY i.title_id, b.code, b.name, b.name_en ORDER BY i.title_id, b.code",
            [ItemStatus.AVAILABLE.value, _parameter(title_ids), *_GONE],
        )
        for title_id, code, name, name_en, copies, on_shelf in cursor.fetchall():
            found.setdefault(title_id, []).append(Place(code, name, name_en, copies, on_shelf))
    return {title_id: tuple(rows) for title_id, rows in found.items()}


def on_shelf_at(branch: str, title_ids: Collection[int]) -> set[int]:
    """Return those of the titles that have a copy on the shelf of a branch now, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT i.title_id FROM {_items()} WHERE i.status = %s AND i.current_branch_id = "  # noqa: S608  # constants only
            "(SELECT id FROM branches_branch WHERE code = %s)",
            [_parameter(title_ids), ItemStatus.AVAILABLE.value, branch],
        )
        return {title_id for (title_id,) in cursor.fetchall()}


def branches_with(title_ids: Collection[int]) -> tuple[FacetValue, ...]:
    """Return the branches that have one of the titles on the shelf now, those with most titles first, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.code, n.titles, b.name, b.name_en FROM (SELECT i.current_branch_id AS branch, "  # noqa: S608  # constants only
            f"count(DISTINCT i.title_id) AS titles FROM {_items()} WHERE i.status = %s GROUP BY 1) n "
            "JOIN branches_branch b ON b.id = n.branch ORDER BY n.titles DESC, b.code",
            [_parameter(title_ids), ItemStatus.AVAILABLE.value],
        )
        return tuple(FacetValue(*row) for row in cursor.fetchall())


def _items() -> str:
    """Return the FROM clause of the items `i` of titles given as one parameter; the titles drive the join."""
    if connection.vendor == "postgresql":
        return "unnest(%s::bigint[]) AS wanted(id) JOIN catalogue_item i ON i.title_id = wanted.id"
    return "json_each(%s) AS wanted CROSS JOIN catalogue_item i ON i.title_id = wanted.value"


def _parameter(title_ids: Collection[int]) -> str:
    ordered = sorted(title_ids)
    return "{" + ",".join(map(str, ordered)) + "}" if connection.vendor == "postgresql" else json.dumps(ordered)
