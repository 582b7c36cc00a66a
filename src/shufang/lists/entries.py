"""Putting titles into lists and taking them out; what stands in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from shufang.catalogue.models import Title
from shufang.kernel.refusal import Refusal
from shufang.lists.keeping import own_list
from shufang.lists.models import BookList, ListEntry
from shufang.patrons.models import Patron

MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class ListChanged:
    """What happened: whether the title stands in the list now."""

    list_id: int
    title_id: int
    is_in: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A list with how many books stand in it. `has_title`: the one that was asked for is among them."""

    list_id: int
    kind: BookList.Kind
    name: str
    books: int
    is_shared: bool
    has_title: bool


def want(patron_id: int, title_id: int, now: datetime) -> ListChanged | Refusal:
    """Put a title on the list of what a reader wants to read. Refuses title_unknown, list_full. Twice is once."""
    with transaction.atomic():
        return _add(wanted_list(patron_id, now), title_id, now)


def unwant(patron_id: int, title_id: int) -> ListChanged | None:
    """Take a title off the list of what a reader wants; None where it did not stand there."""
    mine = BookList.objects.filter(patron_id=patron_id, kind=BookList.Kind.WANTED).first()
    return remove_title(patron_id, mine.pk, title_id) if mine is not None else None


def add_title(patron_id: int, list_id: int, title_id: int, now: datetime) -> ListChanged | Refusal:
    """Put a title into a list. Refuses list_unknown, title_unknown, list_full. Twice is once."""
    with transaction.atomic():
        mine = own_list(patron_id, list_id)
        return _add(mine, title_id, now) if mine is not None else Refusal("list_unknown")


def remove_title(patron_id: int, list_id: int, title_id: int) -> ListChanged:
    """Take a title out of a list of this reader; one that is not in it does no harm."""
    ListEntry.objects.filter(list_id=list_id, list__patron_id=patron_id, title_id=title_id).delete()
    return ListChanged(list_id, title_id, is_in=False)


def wanted_list(patron_id: int, now: datetime) -> BookList:
    """Return the list behind the bookmark, made when it is first needed, in the caller's transaction."""
    Patron.objects.select_for_update(no_key=True).get(pk=patron_id)
    mine, _ = BookList.objects.get_or_create(
        patron_id=patron_id, kind=BookList.Kind.WANTED, defaults={"created_at": now}
    )
    return mine


def summaries(patron_id: int, title_id: int | None = None) -> list[Summary]:
    """Return a reader's lists, what is wanted first, then by name. One query."""
    lists = BookList.objects.filter(patron_id=patron_id).annotate(
        books=Count("entries", filter=Q(entries__title__is_suppressed=False)),
        same=Count("entries", filter=Q(entries__title_id=title_id)),
    )
    found = [
        Summary(row.pk, BookList.Kind(row.kind), row.name, row.books, bool(row.share_key), has_title=bool(row.same))
        for row in lists
    ]
    return sorted(found, key=lambda row: (row.kind != BookList.Kind.WANTED, row.name))


def titles_of(list_id: int) -> list[Title]:
    """Return what stands in a list, newest first, without what is kept from readers. One query."""
    entries = ListEntry.objects.filter(list_id=list_id, title__is_suppressed=False).select_related("title")
    return [entry.title for entry in entries.order_by("-added_at", "-id")]


def shared(share_key: str) -> BookList | None:
    """Return the list behind a link, while it is shared and its reader has an account. One query."""
    return BookList.objects.filter(share_key=share_key, patron__closed_at__isnull=True).first() if share_key else None


def all_of(patron_id: int) -> Iterable[tuple[BookList, list[ListEntry]]]:
    """Yield each list of a reader with its entries, for the download of all that is kept about him."""
    lists = BookList.objects.filter(patron_id=patron_id).prefetch_related("entries__title").order_by("kind", "name")
    for found in lists:
        yield found, list(found.entries.all())


def _add(mine: BookList, title_id: int, now: datetime) -> ListChanged | Refusal:
    if not Title.objects.filter(pk=title_id, is_suppressed=False).exists():
        return Refusal("title_unknown")
    if ListEntry.objects.filter(list=mine, title_id=title_id).exists():
        return ListChanged(mine.pk, title_id, is_in=True)
    if ListEntry.objects.filter(list=mine).count() >= MOST_ENTRIES:
        return Refusal("list_full", {"limit": MOST_ENTRIES})
    ListEntry.objects.create(list=mine, title_id=title_id, added_at=now)
    return ListChanged(mine.pk, title_id, is_in=True)
