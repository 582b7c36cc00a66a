"""23 patron status → 24."""

from dataclasses import replace

from shufang.branches.replies import Repeated
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import PatronStatusReply
from shufang.sip2.requests import PatronStatusRequest
from shufang.sip2_server.asked import LANGUAGE_CODES, Answer, Asked
from shufang.sip2_server.handlers.handler import Handler, Way
from shufang.sip2_server.handlers.standing import DENIED, language_for, standing, status_reply


def answer(request: PatronStatusRequest, asked: Asked) -> Answer | Repeated:
    """Tell how the patron stands; the screen says why he may not borrow, if so."""
    status = standing(request.patron, asked)
    language = language_for(request.language, status, asked)
    screen = replace(asked, language=language).say(status.refusal) if status.refusal else ()
    reply = status_reply(request.institution, request.patron, status, language, asked, screen)
    return Answer(reply, code=status.refusal.code if status.refusal else "", language=language)


def refuse(request: PatronStatusRequest, refusal: Refusal, asked: Asked) -> PatronStatusReply:
    """Say no."""
    return PatronStatusReply(
        status=DENIED,
        language=LANGUAGE_CODES.get(asked.language, "000"),
        date=asked.date,
        institution=asked.institution(request.institution),
        patron=request.patron,
        name="",
        is_valid=False,
        pin_is_right=False,
        screen=asked.say(refusal),
    )


HANDLER = Handler(
    Way.QUERY, answer, refuse, card_and_pin=lambda request: (request.patron, request.pin), reads_language=True
)
