"""Books and cards for the simulator's page: some that stand in a branch, some that are out."""

from django.db import close_old_connections, connection

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item

STANDING, OUT = 18, 6
Shown = dict[str, str]


def books_of(branch_code: str) -> list[Shown]:
    """Return books with `barcode`, `title` and `state` (here, out), as they are now. Two queries."""
    if connection.in_atomic_block:
        return _books_of(branch_code)
    close_old_connections()  # asked from the simulator's threads
    try:
        return _books_of(branch_code)
    finally:
        close_old_connections()


def _books_of(branch_code: str) -> list[Shown]:
    items = Item.objects.select_related("title").order_by("barcode")
    here = items.filter(current_branch__code=branch_code, status=ItemStatus.AVAILABLE)[:STANDING]
    out = items.filter(home_branch__code=branch_code, status=ItemStatus.ON_LOAN)[:OUT]
    return [
        {"barcode": item.barcode, "title": item.title.title, "state": state}
        for state, found in (("here", here), ("out", out))
        for item in found
    ]
