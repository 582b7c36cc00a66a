"""Making, naming, sharing and deleting lists."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.kernel.refusal import Refusal
from shufang.lists.models import BookList
from shufang.patrons.models import Patron

MOST_LISTS = 50
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class ListKept:
    """A list as it is now; `share_key` is empty while it is private."""

    list_id: int
    name: str
    share_key: str = ""


def make_list(patron_id: int, name: str, now: datetime) -> ListKept | Refusal:
    """Make a list. Refuses list_name_missing, list_name_used, lists_full."""
    name = _name(name)
    with transaction.atomic():
        _lock(patron_id)
        mine = BookList.objects.filter(patron_id=patron_id, kind=BookList.Kind.OWN)
        refusal = _name_refusal(patron_id, name)
        if refusal is not None:
            return refusal
        if mine.count() >= MOST_LISTS:
            return Refusal("lists_full", {"limit": MOST_LISTS})
        made = BookList.objects.create(patron_id=patron_id, name=name, created_at=now)
        return ListKept(made.pk, name)


def rename_list(patron_id: int, list_id: int, name: str) -> ListKept | Refusal:
    """Give a list another name. Refuses list_unknown, list_name_missing, list_name_used."""
    name = _name(name)
    with transaction.atomic():
        _lock(patron_id)
        mine = own_list(patron_id, list_id)
        if mine is None or mine.kind != BookList.Kind.OWN:
            return Refusal("list_unknown")
        refusal = _name_refusal(patron_id, name, but=list_id)
        if refusal is not None:
            return refusal
        mine.name = name
        mine.save(update_fields=["name"])
        return _kept(mine)


def share_list(patron_id: int, list_id: int) -> ListKept | Refusal:
    """Let whoever has its link see the list. Refuses list_unknown. A shared list keeps its link."""
    with transaction.atomic():
        mine = own_list(patron_id, list_id)
        if mine is None:
            return Refusal("list_unknown")
        if not mine.share_key:
            mine.share_key = secrets.token_urlsafe(18)
            mine.save(update_fields=["share_key"])
        return _kept(mine)


def unshare_list(patron_id: int, list_id: int) -> ListKept | Refusal:
    """Make a list private: its link leads nowhere any more, also when it is shared again. Refuses list_unknown."""
    with transaction.atomic():
        mine = own_list(patron_id, list_id)
        if mine is None:
            return Refusal("list_unknown")
        mine.share_key = None
        mine.save(update_fields=["share_key"])
        return _kept(mine)


def delete_list(patron_id: int, list_id: int) -> ListKept | Refusal:
    """Delete a list with all that stands in it. Refuses list_unknown."""
    with transaction.atomic():
        mine = own_list(patron_id, list_id)
        if mine is None:
            return Refusal("list_unknown")
        gone = ListKept(list_id, mine.name)
        mine.delete()
        return gone


def erase_lists(patron_id: int) -> int:
    """Delete all lists of a reader, in the caller's transaction; return how many. Nothing of them remains."""
    lists = BookList.objects.filter(patron_id=patron_id)
    count = lists.count()
    lists.delete()
    return count


def own_list(patron_id: int, list_id: int) -> BookList | None:
    """Return a list of this reader, locked; None for any other."""
    return BookList.objects.select_for_update(no_key=True).filter(pk=list_id, patron_id=patron_id).first()


def _lock(patron_id: int) -> None:
    Patron.objects.select_for_update(no_key=True).get(pk=patron_id)


def _name(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())[:LONGEST_NAME]


def _name_refusal(patron_id: int, name: str, but: int | None = None) -> Refusal | None:
    if not name:
        return Refusal("list_name_missing")
    same = BookList.objects.filter(patron_id=patron_id, name=name).values_list("pk", flat=True)
    return Refusal("list_name_used") if set(same) - {but} else None


def _kept(found: BookList) -> ListKept:
    return ListKept(found.pk, found.name, found.share_key or "")
