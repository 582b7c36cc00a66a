"""25 patron enable → 26: what terminals blocked is lifted."""

from shufang.branches.replies import Repeated
from shufang.circulation.enable_patron import EnablePatron, enable_patron
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import PatronEnableReply
from shufang.sip2.requests import PatronEnableRequest
from shufang.sip2_server.asked import LANGUAGE_CODES, Answer, Asked, Kept
from shufang.sip2_server.handlers.handler import Handler, Way, refused
from shufang.sip2_server.handlers.standing import flags, is_valid, may_show, standing


def answer(request: PatronEnableRequest, asked: Asked) -> Answer | Repeated:
    """Lift the blocks and tell how the patron stands then."""
    command = EnablePatron(request.patron, asked.terminal.place, asked.pin, asked.request)
    done = enable_patron(command, asked.now)
    if isinstance(done, Repeated):
        return done
    if isinstance(done, Refusal):
        return refused(refuse(request, done, asked), done)
    return Answer(_reply(request, asked, ()), kept=Kept("patron", done.patron_id, done.patron_revision))


def _reply(request: PatronEnableRequest, asked: Asked, screen: tuple[str, ...]) -> PatronEnableReply:
    status = standing(request.patron, asked)
    return PatronEnableReply(
        status=flags(status),
        language=LANGUAGE_CODES.get(asked.language, "000"),
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        name=status.name if may_show(status) else "",
        is_valid=is_valid(status, asked),
        screen=screen,
    )


def refuse(request: PatronEnableRequest, refusal: Refusal, asked: Asked) -> PatronEnableReply:
    """Say no."""
    return _reply(request, asked, asked.say(refusal))


HANDLER = Handler(Way.CHANGE, answer, refuse, card_and_pin=lambda request: (request.patron, request.pin))
