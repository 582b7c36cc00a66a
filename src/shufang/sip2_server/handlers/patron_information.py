"""63 patron information → 64: counts, limits, what is owed, and one list."""

from dataclasses import replace
from datetime import datetime

from shufang.branches.replies import Repeated
from shufang.circulation.patron_status import ItemList, PatronStatus, patron_items
from shufang.circulation.place import PinCheck
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import PatronInformationReply
from shufang.sip2.requests import PatronInformationRequest
from shufang.sip2_server.asked import LANGUAGE_CODES, Answer, Asked, currency
from shufang.sip2_server.handlers.handler import Handler, Way
from shufang.sip2_server.handlers.standing import DENIED, flags, is_valid, language_for, may_show, standing

LISTS = tuple(ItemList)
"""The places of the summary (3M SIP 2.00, "summary")."""
MOST = 100
"""Lines of a list in one message, when the terminal does not say how many."""


def answer(request: PatronInformationRequest, asked: Asked) -> Answer | Repeated:
    """Tell how the patron stands, and the list that was asked for."""
    status = standing(request.patron, asked)
    language = language_for(request.language, status, asked)
    reply = _reply(request, status, replace(asked, language=language))
    return Answer(reply, code=status.refusal.code if status.refusal else "", language=language)


def _reply(request: PatronInformationRequest, status: PatronStatus, asked: Asked) -> PatronInformationReply:
    shows = may_show(status)
    reply = PatronInformationReply(
        status=flags(status),
        language=LANGUAGE_CODES.get(asked.language, "000"),
        date=asked.date,
        hold_count=status.holds if shows else 0,
        overdue_count=status.overdue if shows else 0,
        charged_count=status.charged if shows else 0,
        fine_count=status.fines if shows else 0,
        recall_count=status.recalls if shows else 0,
        unavailable_count=status.unavailable if shows else 0,
        institution=asked.institution(request.institution),
        patron=request.patron,
        name=status.name if shows else "",
        is_valid=is_valid(status, asked),
        pin_is_right=status.pin is PinCheck.RIGHT,
        currency=currency(),
        screen=asked.say(status.refusal) if status.refusal else (),
    )
    return _with_details(reply, request, status, asked.now) if shows else reply


def _with_details(
    reply: PatronInformationReply, request: PatronInformationRequest, status: PatronStatus, now: datetime
) -> PatronInformationReply:
    detailed = replace(
        reply,
        hold_limit=_limit(status.hold_limit),
        overdue_limit=_limit(status.overdue_limit),
        charged_limit=_limit(status.charged_limit),
        fee=f"{status.owed:.2f}",
        fee_limit=f"{status.charges_limit:.2f}" if status.charges_limit is not None else "",
        address=status.address,
        email=status.email,
        phone=status.phone,
    )
    place = request.summary.find("Y")
    if status.patron_id is None or not 0 <= place < len(LISTS):
        return detailed
    wanted = LISTS[place]
    start, end = _number(request.start, 1), _number(request.end, 0)
    lines = patron_items(status.patron_id, wanted, start, end or start + MOST - 1, now)
    return _with_list(detailed, wanted, tuple(line.text for line in lines))


def _with_list(reply: PatronInformationReply, wanted: ItemList, texts: tuple[str, ...]) -> PatronInformationReply:
    match wanted:
        case ItemList.HOLD:
            return replace(reply, hold_items=texts)
        case ItemList.OVERDUE:
            return replace(reply, overdue_items=texts)
        case ItemList.CHARGED:
            return replace(reply, charged_items=texts)
        case ItemList.FINE:
            return replace(reply, fine_items=texts)
        case ItemList.RECALL:
            return replace(reply, recall_items=texts)
        case ItemList.UNAVAILABLE:
            return replace(reply, unavailable_items=texts)


def _limit(limit: int | None) -> str:
    return f"{min(limit, 9999):04}" if limit is not None else ""


def _number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 100_000 else default


def refuse(request: PatronInformationRequest, refusal: Refusal, asked: Asked) -> PatronInformationReply:
    """Say no."""
    return PatronInformationReply(
        status=DENIED,
        language=LANGUAGE_CODES.get(asked.language, "000"),
        date=asked.date,
        hold_count=0,
        overdue_count=0,
        charged_count=0,
        fine_count=0,
        recall_count=0,
        unavailable_count=0,
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
