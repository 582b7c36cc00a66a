"""An item that somebody holds in his hand: found by its barcode and locked, with its title and its open loan's patron."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus, may_become
from shufang.catalogue.models import Item
from shufang.circulation.locks import lock_items, lock_patrons, lock_titles
from shufang.circulation.models import Loan
from shufang.circulation.repeats import repeat_of_item
from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Patron

TRIES = 3


class ItemBusyError(Exception):
    """An item changed hands at every try to lock it; nothing was done, the request may be repeated."""


class _ChangedError(Exception):
    """The open loan is another one than when it was read unlocked."""


@dataclass(frozen=True, slots=True)
class ItemAtHand:
    """An item under its locks; `loan` and `patron` are those of its open loan."""

    item: Item
    loan: Loan | None
    patron: Patron | None


@dataclass(frozen=True, slots=True)
class ItemChanged:
    """What became of an item. The reply of a terminal belongs to the item, with `event_id` as its marker."""

    event_id: int
    item_id: int
    title: str
    status: ItemStatus
    patron_id: int | None = None
    patron_revision: int | None = None
    charge: Decimal = ZERO


def lock_item(barcode: str, also_patron_id: int | None = None) -> ItemAtHand | None:
    """Lock title, patron of the open loan (and another, if asked for) and item, and read them; None: unknown barcode.

    Reads unlocked, locks, reads again, at most TRIES times. ItemBusyError after that.
    """
    for _ in range(TRIES):
        seen = Item.objects.filter(barcode=barcode).values_list("id", "title_id").first()
        if seen is None:
            return None
        item_id, title_id = seen
        patron_id = _open_loans(item_id).values_list("patron_id", flat=True).first()
        try:
            with transaction.atomic():
                return _locked(item_id, title_id, patron_id, also_patron_id)
        except _ChangedError:
            continue
    raise ItemBusyError(barcode)


def take_up(
    barcode: str, request: RequestKey | None, now: datetime, also_patron_id: int | None = None
) -> ItemAtHand | Refusal | Repeated:
    """Begin a verb on an item: lock it and see whether the request was done before. Refuses item_unknown."""
    found = lock_item(barcode, also_patron_id)
    if found is None:
        return Refusal("item_unknown", {"barcode": barcode})
    return repeat_of_item(request, found.item.pk, now) or found


def _locked(item_id: int, title_id: int, patron_id: int | None, also_patron_id: int | None) -> ItemAtHand:
    lock_titles([title_id])
    lock_patrons(one for one in (patron_id, also_patron_id) if one is not None)
    lock_items([item_id])
    item = Item.objects.select_related("title", "kind", "home_branch", "current_branch").get(pk=item_id)
    loan = _open_loans(item_id).select_related("policy", "patron", "card_kind").first()
    if item.title_id != title_id or (loan.patron_id if loan else None) != patron_id:
        raise _ChangedError
    return ItemAtHand(item, loan, loan.patron if loan else None)


def _open_loans(item_id: int) -> QuerySet[Loan]:
    return Loan.objects.filter(item_id=item_id).exclude(status=Loan.Status.CLOSED)


def change_status(item: Item, new: ItemStatus, now: datetime) -> str:
    """Set a locked item's status and return "old>new" for its event. ValueError when its life does not allow it."""
    old = ItemStatus(item.status)
    if not may_become(old, new):
        raise ValueError(f"{item.barcode}: {old} does not become {new}")
    if new is not old:
        item.status = new
        item.status_since = now
        item.save(update_fields=["status", "status_since"])
    return f"{old}>{new}"
