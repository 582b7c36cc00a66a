"""What must give way before an item can be lent, all of it rare: another's loan, a transit, a hold."""

from datetime import datetime

from django.db.backends.utils import CursorWrapper

from shufang.catalogue.item_life import ItemStatus
from shufang.circulation import no_block
from shufang.circulation.closing import close
from shufang.circulation.event_log import age_band
from shufang.circulation.hold_queue import fulfil, release, unassign
from shufang.circulation.lending_facts import Situation
from shufang.circulation.models import Transit
from shufang.circulation.place import Place
from shufang.circulation.queries import recording, returning
from shufang.circulation.queries.recording import NewEvent
from shufang.circulation.rules.lending import LendingFacts


def make_room(
    cursor: CursorWrapper,
    barcode: str,
    seen: Situation,
    facts: LendingFacts,
    place: Place,
    happened_at: datetime | None,
    now: datetime,
) -> str:
    """End what stands in the way of a loan that was decided; return the change of the item's status for its event.

    The event says also which hold the loan ended, so that cancelling the checkout can bring it back.
    """
    copy, holds = facts.copy, facts.holds
    was = copy.status
    if facts.loan is not None:
        _return_for_another(cursor, barcode, seen, place, happened_at, now)
        was = ItemStatus.TO_BE_SHELVED
    if was == ItemStatus.IN_TRANSIT:
        Transit.objects.filter(item_id=copy.item_id, received_at__isnull=True).update(received_at=now)
    if holds.assigned_id is not None and holds.assigned_to != facts.card.patron_id:
        unassign(copy.item_id)
    ended = _end_own_hold(facts, now)
    return f"{was}>{ItemStatus.ON_LOAN}" + (f" hold={ended}" if ended is not None else "")


def _end_own_hold(facts: LendingFacts, now: datetime) -> int | None:
    """Fulfil the reader's hold that this item satisfies: the one it is kept for, else his first; free another's item."""
    own = facts.holds.own
    if not own:
        return None
    copy = facts.copy
    hold_id, item_id = next((hold for hold in own if hold[1] == copy.item_id), own[0])
    fulfil(hold_id, now)
    if item_id is not None and item_id != copy.item_id:
        release(item_id, now)
    return hold_id


def _return_for_another(
    cursor: CursorWrapper, barcode: str, seen: Situation, place: Place, happened_at: datetime | None, now: datetime
) -> None:
    """Return an item for its borrower, because it lies before another: both are recorded."""
    item = returning.gather(cursor, barcode)
    if item is None or item.borrowed is None:
        return
    borrowed = item.borrowed
    at = max(min(happened_at or now, now), borrowed.loan.borrowed_at)
    writes, charge = close(item, borrowed, seen.rules, place.branch_id, at, now)
    event = NewEvent(
        "checkin",
        place,
        item.item_id,
        item.title_id,
        borrowed.loan.policy_id,
        borrowed.loan.loan_id,
        borrowed.loan.card_kind_id,
        age_band(borrowed.birth_date, seen.today),
        f"{item.status}>{ItemStatus.TO_BE_SHELVED} relent charge={charge}{no_block.mark(happened_at)}",
    )
    recording.write(cursor, writes, event, now)
