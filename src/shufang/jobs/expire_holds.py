"""Holds whose time has run out: items not picked up go to the next reader, wishes past their last day end.

A wish past its last day ends also while its item waits for the second scan or travels; the item then serves whoever is
next. One that is ready stays until the hour of which its reader was told.
"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from shufang.circulation.borrower import raise_revision
from shufang.circulation.cancel_hold import end_hold
from shufang.circulation.event_log import log_event
from shufang.circulation.hold_queue import release
from shufang.circulation.locks import lock_items, lock_patrons, lock_titles
from shufang.circulation.models import Hold
from shufang.circulation.place import Place
from shufang.jobs.portions import each_alone
from shufang.notices.outbox import put
from shufang.patrons.models import Patron

_NOT_YET_READY = (Hold.Status.WAITING, Hold.Status.TRAPPED, Hold.Status.IN_TRANSIT)


def run(now: datetime) -> dict[str, int]:
    """A missed pick-up gets one second chance at the end of the queue, then the hold expires."""
    given: list[int] = []
    ended = each_alone(_run_out(now).values_list("id", flat=True), lambda hold_id: _run_out_of(hold_id, now, given))
    return {"expired": ended - len(given), "given a second chance": len(given)}


def _run_out(now: datetime) -> QuerySet[Hold]:
    missed = Q(status=Hold.Status.READY, pickup_until__lt=now)
    useless = Q(status__in=_NOT_YET_READY, not_needed_after__lt=timezone.localdate(now))
    return Hold.objects.filter(missed | useless).order_by("id")


def _run_out_of(hold_id: int, now: datetime, given: list[int]) -> bool:
    """End one hold or give it its second chance, under its locks; False when somebody was quicker."""
    seen = Hold.objects.filter(pk=hold_id).values_list("title_id", "patron_id").first()
    if seen is None or seen[1] is None:
        return False
    lock_titles([seen[0]])
    lock_patrons([seen[1]])
    hold = _run_out(now).filter(pk=hold_id).select_related("pickup_branch").first()
    if hold is None:
        return False
    lock_items([hold.item_id] if hold.item_id is not None else [])
    missed = hold.status == Hold.Status.READY
    item_id = hold.item_id
    if missed and not hold.had_second_chance and not _is_useless(hold, now):
        _give_second_chance(hold, now)
        given.append(hold.pk)
    else:
        end_hold(hold, Hold.Status.EXPIRED, now)
    log_event("expire_hold", now, Place(hold.pickup_branch_id), item_id=item_id, title_id=hold.title_id)
    raise_revision(Patron.objects.get(pk=seen[1]))
    return True


def _is_useless(hold: Hold, now: datetime) -> bool:
    return hold.not_needed_after is not None and hold.not_needed_after < timezone.localdate(now)


def _give_second_chance(hold: Hold, now: datetime) -> None:
    """Put the hold at the end of its queue and pass its item on: whoever waits is served before it."""
    item_id = hold.item_id
    hold.status = Hold.Status.WAITING
    hold.queued_at = now
    hold.had_second_chance = True
    hold.item = hold.ready_at = hold.pickup_until = None
    hold.save(update_fields=["status", "queued_at", "had_second_chance", "item", "ready_at", "pickup_until"])
    put("hold_missed", "hold", hold.pk, occasion=timezone.localdate(now).isoformat(), now=now)
    if item_id is not None:
        release(item_id, now)
