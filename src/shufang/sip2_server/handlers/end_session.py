"""35 end session → 36. The patron is forgotten here; the loop does that before it answers."""

from shufang.branches.replies import Repeated
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import EndSessionReply
from shufang.sip2.requests import EndSessionRequest
from shufang.sip2_server.asked import Answer, Asked
from shufang.sip2_server.handlers.handler import Handler, Way


def answer(request: EndSessionRequest, asked: Asked) -> Answer | Repeated:
    """Say goodbye."""
    return Answer(_reply(request, asked, ended=True))


def refuse(request: EndSessionRequest, refusal: Refusal, asked: Asked) -> EndSessionReply:
    """Say no."""
    return _reply(request, asked, ended=False, screen=asked.say(refusal))


def _reply(request: EndSessionRequest, asked: Asked, *, ended: bool, screen: tuple[str, ...] = ()) -> EndSessionReply:
    return EndSessionReply(
        ended=ended,
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        screen=screen,
    )


HANDLER = Handler(Way.HERE, answer, refuse)
