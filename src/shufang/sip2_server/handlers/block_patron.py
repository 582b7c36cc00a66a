"""01 block patron → 24."""

from shufang.branches.replies import Repeated
from shufang.circulation.block_patron import BlockPatron, block_patron
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import PatronStatusReply
from shufang.sip2.requests import BlockPatronRequest
from shufang.sip2_server.asked import LANGUAGE_CODES, Answer, Asked, Kept
from shufang.sip2_server.handlers.handler import Handler, Way, refused
from shufang.sip2_server.handlers.standing import DENIED, standing, status_reply


def answer(request: BlockPatronRequest, asked: Asked) -> Answer | Repeated:
    """Block and tell how the patron stands then."""
    command = BlockPatron(
        card_number=request.patron,
        reason=request.reason,
        place=asked.terminal.place,
        card_retained=request.card_retained,
        request=asked.request,
    )
    done = block_patron(command, asked.now)
    if isinstance(done, Repeated):
        return done
    if isinstance(done, Refusal):
        return refused(refuse(request, done, asked), done)
    status = standing(request.patron, asked)
    reply = status_reply(request.institution, request.patron, status, asked.language, asked, ())
    return Answer(reply, kept=Kept("patron", done.patron_id, done.patron_revision))


def refuse(request: BlockPatronRequest, refusal: Refusal, asked: Asked) -> PatronStatusReply:
    """Say no."""
    return PatronStatusReply(
        status=DENIED,
        language=LANGUAGE_CODES.get(asked.language, "000"),
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        name="",
        is_valid=False,
        screen=asked.say(refusal),
    )


HANDLER = Handler(Way.CHANGE, answer, refuse)
