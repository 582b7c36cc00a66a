"""Suspending a hold and taking it up again: it keeps its place in the queue and is passed over meanwhile."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation.hold_at_hand import HoldAtHand, HoldChanged, WhichHold, changed, find_and_lock
from shufang.circulation.models import Hold
from shufang.circulation.place import PinCheck, Place
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class SuspendHold:
    """Suspend until a local day, included, or until it is resumed (`until` empty)."""

    place: Place
    hold_id: int
    until: date | None = None
    card_number: str = ""
    pin: PinCheck = PinCheck.NOT_ASKED
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class ResumeHold:
    """Take a suspended hold up again."""

    place: Place
    hold_id: int
    card_number: str = ""
    pin: PinCheck = PinCheck.NOT_ASKED
    request: RequestKey | None = None


def suspend_hold(command: SuspendHold, now: datetime) -> HoldChanged | Refusal | Repeated:
    """Suspend. Refuses hold_unknown, hold_not_waiting (an item is assigned), date_in_the_past, and a bad card."""
    if command.until is not None and command.until < timezone.localdate(now):
        return Refusal("date_in_the_past", {"date": command.until})
    with transaction.atomic():
        found = find_and_lock(_which(command), now)
        if not isinstance(found, HoldAtHand):
            return found
        if found.hold.status != Hold.Status.WAITING:
            return Refusal("hold_not_waiting")
        found.hold.is_suspended = True
        found.hold.suspended_until = command.until
        found.hold.save(update_fields=["is_suspended", "suspended_until"])
        return changed(HoldChanged, found, "suspend_hold", command.place, now)


def resume_hold(command: ResumeHold, now: datetime) -> HoldChanged | Refusal | Repeated:
    """Resume. Refuses hold_unknown, hold_not_suspended, and a bad card."""
    with transaction.atomic():
        found = find_and_lock(_which(command), now)
        if not isinstance(found, HoldAtHand):
            return found
        if not found.hold.is_suspended:
            return Refusal("hold_not_suspended")
        found.hold.is_suspended = False
        found.hold.suspended_until = None
        found.hold.save(update_fields=["is_suspended", "suspended_until"])
        return changed(HoldChanged, found, "resume_hold", command.place, now)


def _which(command: SuspendHold | ResumeHold) -> WhichHold:
    return WhichHold(hold_id=command.hold_id, card_number=command.card_number, pin=command.pin, request=command.request)
