"""29 renew → 30, by item or by title."""

from dataclasses import replace
from datetime import datetime

from shufang.branches.replies import Repeated
from shufang.circulation.conflicts import Reported
from shufang.circulation.renew import Renew, renew
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import RenewReply
from shufang.sip2.requests import RenewRequest
from shufang.sip2_server.asked import Answer, Asked, Kept, local_date
from shufang.sip2_server.handlers.handler import Handler, Way, refused
from shufang.sip2_server.handlers.happened import happened, promised
from shufang.sip2_server.handlers.media import media_type
from shufang.sip2_server.handlers.titles import title_on_loan


def answer(request: RenewRequest, asked: Asked) -> Answer | Repeated:
    """Lengthen one loan."""
    title_id = None if request.item else title_on_loan(request.title, request.patron)
    command = Renew(
        card_number=request.patron,
        place=asked.terminal.place,
        barcode=request.item,
        title_id=title_id,
        pin=asked.pin,
        pin_version=asked.pin_version,
        third_party=request.third_party,
        happened_at=happened(request.date, asked.now) if request.no_block else None,
        due_at=promised(request.no_block_due, asked.now) if request.no_block else None,
        request=asked.request,
    )
    done = renew(command, asked.now)
    match done:
        case Repeated():
            return done
        case Refusal():
            return refused(refuse(request, done, asked), done)
        case Reported():
            return Answer(_reply(request, asked, request.item, done.title, local_date(done.due_at)), code=done.conflict)
    reply = _reply(request, asked, done.barcode, done.title, local_date(done.due_at))
    outcome = asked.tell_due("renewed", done.due_at)
    reply = replace(reply, media_type=media_type(done.material), screen=outcome)
    return Answer(reply, code=done.conflict or "", kept=Kept("item", done.item_id, done.event_id))


def acknowledge(request: RenewRequest, asked: Asked) -> RenewReply:
    """Say that what has happened is known."""
    return _reply(request, asked, request.item, "", "")


def _reply(request: RenewRequest, asked: Asked, item: str, title: str, due: str, *, ok: bool = True) -> RenewReply:
    return RenewReply(
        ok=ok,
        renewal_ok=ok,
        magnetic="N",
        desensitize=False,
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        item=item,
        title=title,
        due=due,
    )


def refuse(request: RenewRequest, refusal: Refusal, asked: Asked) -> RenewReply:
    """Say no. A known item is named, with the due date that still stands."""
    title, due_at = refusal.values.get("title"), refusal.values.get("due_at")
    shown = title if isinstance(title, str) else request.title
    due = local_date(due_at) if isinstance(due_at, datetime) else ""
    return replace(_reply(request, asked, request.item, shown, due, ok=False), screen=asked.say(refusal))


HANDLER = Handler(
    Way.CHANGE,
    answer,
    refuse,
    acknowledge,
    card_and_pin=lambda request: (request.patron, request.pin),
    has_item=True,
    sees_pin_version=True,
)
