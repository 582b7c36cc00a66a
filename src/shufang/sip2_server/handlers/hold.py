"""15 hold → 16: `+` places, `-` cancels, `*` changes the pick-up branch or the last day."""

from datetime import date

from django.utils import timezone

from shufang.branches.models import Branch
from shufang.branches.replies import Repeated
from shufang.circulation.cancel_hold import CancelHold, HoldCancelled, cancel_hold
from shufang.circulation.change_pickup import ChangePickup, change_pickup
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_at_hand import HoldChanged
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import HoldReply
from shufang.sip2.requests import HoldRequest
from shufang.sip2_server.asked import Answer, Asked, Kept
from shufang.sip2_server.handlers.handler import Handler, Way, refused
from shufang.sip2_server.handlers.happened import moment
from shufang.sip2_server.handlers.titles import UNKNOWN, title_number, title_on_hold

SPECIFIC_COPY = "3"
"""BY hold type (3M SIP 2.00): 1 other, 2 any copy of a title, 3 a specific copy, 4 any copy at a single branch."""

Done = HoldPlaced | HoldCancelled | HoldChanged


def answer(request: HoldRequest, asked: Asked) -> Answer | Repeated:
    """Place, cancel or change."""
    done = _do(request, asked)
    if isinstance(done, Repeated):
        return done
    if isinstance(done, Refusal):
        return refused(refuse(request, done, asked), done)
    reply = HoldReply(
        ok=True,
        available=isinstance(done, HoldPlaced) and done.available,
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        expiry=request.expiry if moment(request.expiry) else "",
        queue_position=str(done.position) if isinstance(done, HoldPlaced) else "",
        pickup=done.pickup_branch,
        item=request.item,
        title=done.title,
        screen=_outcome(done, asked),
    )
    if done.item_id is not None:
        return Answer(reply, kept=Kept("item", done.item_id, done.event_id))
    return Answer(reply, kept=Kept("patron", done.patron_id, done.patron_revision))


def _outcome(done: Done, asked: Asked) -> tuple[str, ...]:
    match done:
        case HoldPlaced():
            return asked.tell("hold_placed", position=done.position)
        case HoldCancelled():
            return asked.tell("hold_cancelled")
    return ()


def _do(request: HoldRequest, asked: Asked) -> Done | Refusal | Repeated:
    pickup: int | None = None
    if request.pickup and request.mode != "-":
        pickup = Branch.objects.filter(code=request.pickup).values_list("id", flat=True).first()
        if pickup is None:
            return Refusal("pickup_not_here")
    match request.mode:
        case "+":
            return _place(request, asked, pickup)
        case "-":
            return cancel_hold(
                CancelHold(
                    place=asked.terminal.place,
                    card_number=request.patron,
                    title_id=_title(request),
                    barcode=request.item,
                    pin=asked.pin,
                    request=asked.request,
                ),
                asked.now,
            )
        case "*":
            return change_pickup(
                ChangePickup(
                    place=asked.terminal.place,
                    pickup_branch_id=pickup,
                    not_needed_after=_last_day(request),
                    card_number=request.patron,
                    title_id=_title(request),
                    barcode=request.item,
                    pin=asked.pin,
                    request=asked.request,
                ),
                asked.now,
            )
    return Refusal("hold_mode_unknown")


def _place(request: HoldRequest, asked: Asked, pickup: int | None) -> HoldPlaced | Refusal | Repeated:
    command = PlaceHold(
        card_number=request.patron,
        place=asked.terminal.place,
        title_id=None if request.item else title_number(request.title) or UNKNOWN,
        barcode=request.item,
        any_copy=request.hold_type != SPECIFIC_COPY,
        pickup_branch_id=pickup,
        pin=asked.pin,
        not_needed_after=_last_day(request),
        request=asked.request,
    )
    return place_hold(command, asked.now)


def _title(request: HoldRequest) -> int | None:
    return None if request.item else title_on_hold(request.title, request.patron)


def _last_day(request: HoldRequest) -> date | None:
    at = moment(request.expiry)
    return timezone.localdate(at) if at else None


def refuse(request: HoldRequest, refusal: Refusal, asked: Asked) -> HoldReply:
    """Say no."""
    return HoldReply(
        ok=False,
        available=False,
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        item=request.item,
        title=request.title,
        screen=asked.say(refusal),
    )


HANDLER = Handler(Way.CHANGE, answer, refuse, card_and_pin=lambda request: (request.patron, request.pin), has_item=True)
