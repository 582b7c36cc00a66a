"""65 renew all → 66."""

from shufang.branches.replies import Repeated
from shufang.circulation.renew_all import RenewAll, renew_all
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import RenewAllReply
from shufang.sip2.requests import RenewAllRequest
from shufang.sip2_server.asked import Answer, Asked, Kept
from shufang.sip2_server.handlers.handler import Handler, Way, refused


def answer(request: RenewAllRequest, asked: Asked) -> Answer | Repeated:
    """Lengthen all loans that may be. The screen says once why the others may not."""
    done = renew_all(RenewAll(request.patron, asked.terminal.place, asked.pin, asked.request), asked.now)
    if isinstance(done, Repeated):
        return done
    if isinstance(done, Refusal):
        return refused(refuse(request, done, asked), done)
    reasons = dict.fromkeys(asked.say(loan.refusal)[0] for loan in done.unrenewed)
    reply = RenewAllReply(
        ok=True,
        renewed_count=len(done.renewed),
        unrenewed_count=len(done.unrenewed),
        date=asked.date,
        institution=asked.institution(request.institution),
        renewed=tuple(loan.barcode for loan in done.renewed),
        unrenewed=tuple(loan.barcode for loan in done.unrenewed),
        screen=tuple(reasons),
    )
    return Answer(reply, kept=Kept("patron", done.patron_id, done.patron_revision))


def refuse(request: RenewAllRequest, refusal: Refusal, asked: Asked) -> RenewAllReply:
    """Say no."""
    return RenewAllReply(
        ok=False,
        renewed_count=0,
        unrenewed_count=0,
        date=asked.date,
        institution=asked.institution(request.institution),
        screen=asked.say(refusal),
    )


HANDLER = Handler(Way.CHANGE, answer, refuse, card_and_pin=lambda request: (request.patron, request.pin))
