"""11 checkout → 12. BI=Y takes back a checkin; no block reports what has happened."""

from datetime import datetime

from shufang.branches.replies import Repeated
from shufang.circulation.cancel_checkin import CancelCheckin, CheckinCancelled, cancel_checkin
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.conflicts import Reported
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import CheckoutReply
from shufang.sip2.requests import CheckoutRequest
from shufang.sip2_server.asked import Answer, Asked, Kept, local_date
from shufang.sip2_server.handlers.handler import Handler, Way, refused
from shufang.sip2_server.handlers.happened import happened, promised
from shufang.sip2_server.handlers.media import media_type


def answer(request: CheckoutRequest, asked: Asked) -> Answer | Repeated:
    """Lend, renew or undo a return."""
    done = _do(request, asked)
    match done:
        case Repeated():
            return done
        case Refusal():
            return refused(refuse(request, done, asked.speaking_to(request.patron)), done)
        case Reported():
            return Answer(_reply(request, asked, done.title, local_date(done.due_at)), code=done.conflict)
    asked = asked.speaking(done.language) if isinstance(done, CheckedOut) else asked.speaking_to(request.patron)
    reply = _reply(
        request,
        asked,
        done.title,
        local_date(done.due_at),
        asked.tell_due(_outcome(done), done.due_at),
        renewal_ok=done.is_renewal,
        media=media_type(done.material),
    )
    kept = Kept("item", done.item_id, done.event_id)
    return Answer(reply, code=done.conflict or "", kept=kept, language=asked.language)


def _outcome(done: CheckedOut | CheckinCancelled) -> str:
    if isinstance(done, CheckinCancelled):
        return "checkin_cancelled"
    return "renewed" if done.is_renewal else "checked_out"


def _do(request: CheckoutRequest, asked: Asked) -> CheckedOut | CheckinCancelled | Reported | Refusal | Repeated:
    place = asked.terminal.place
    if request.cancel:
        return cancel_checkin(CancelCheckin(request.patron, request.item, place, asked.request), asked.now)
    command = Checkout(
        card_number=request.patron,
        barcode=request.item,
        place=place,
        pin=asked.pin,
        pin_version=asked.pin_version,
        may_renew=request.may_renew,
        happened_at=happened(request.date, asked.now) if request.no_block else None,
        due_at=promised(request.no_block_due, asked.now) if request.no_block else None,
        request=asked.request,
    )
    return checkout(command, asked.now)


def acknowledge(request: CheckoutRequest, asked: Asked) -> CheckoutReply:
    """Say that what has happened is known; that it may contradict the books is for staff."""
    return _reply(request, asked, "", "")


def _reply(
    request: CheckoutRequest,
    asked: Asked,
    title: str,
    due: str,
    screen: tuple[str, ...] = (),
    *,
    ok: bool = True,
    renewal_ok: bool = False,
    media: str = "",
) -> CheckoutReply:
    return CheckoutReply(
        ok=ok,
        renewal_ok=renewal_ok,
        magnetic="N",
        desensitize=ok,
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        item=request.item,
        title=title,
        due=due,
        media_type=media,
        screen=screen,
    )


def refuse(request: CheckoutRequest, refusal: Refusal, asked: Asked) -> CheckoutReply:
    """Say no. A known item is named, with its due date where it is already on loan to this patron."""
    title, due_at = refusal.values.get("title"), refusal.values.get("due_at")
    due = local_date(due_at) if isinstance(due_at, datetime) else ""
    return _reply(request, asked, title if isinstance(title, str) else "", due, asked.say(refusal), ok=False)


HANDLER = Handler(
    Way.CHANGE,
    answer,
    refuse,
    acknowledge,
    card_and_pin=lambda request: (request.patron, request.pin),
    has_item=True,
    sees_pin_version=True,
    reads_language=True,
)
