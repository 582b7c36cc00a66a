"""How a patron stands, as the replies 24, 26 and 64 show it. Without a right PIN, where one was asked, no name."""

from operator import attrgetter

from django.utils import timezone

from shufang.circulation.patron_status import PatronStatus, patron_status
from shufang.circulation.place import PinCheck
from shufang.circulation.rules.standing import Privileges
from shufang.sip2.replies import PatronStatusReply
from shufang.sip2_server.asked import LANGUAGE_CODES, Asked, currency

_flags = attrgetter(*Privileges.__slots__)
DENIED = "YYYY" + " " * 10
"""Patron status for a card that nobody knows: every privilege denied."""


def standing(card_number: str, asked: Asked) -> PatronStatus:
    """Return how the card's patron stands now."""
    return patron_status(card_number, asked.pin, asked.now)


def flags(status: PatronStatus) -> str:
    """Return the patron status of 14 characters."""
    return "".join("Y" if flag else " " for flag in _flags(status.privileges)) if status.is_known else DENIED


def is_valid(status: PatronStatus, asked: Asked) -> bool:
    """Say BL: a card that somebody has, active, not expired and not lost."""
    if not status.is_known or status.card_status != "active":
        return False
    return status.expires_on is None or status.expires_on >= timezone.localdate(asked.now)


def may_show(status: PatronStatus) -> bool:
    """Say whether the name and what hangs on it may be shown."""
    return status.is_known and status.pin in {PinCheck.RIGHT, PinCheck.NOT_ASKED}


def language_for(field: str, status: PatronStatus, asked: Asked) -> str:
    """Return the language of the answer: SIP2's field (already in `asked`), else the patron's, else the branch's."""
    return asked.language if field in LANGUAGE_CODES.values() else status.language or asked.language


def status_reply(
    institution: str, card_number: str, status: PatronStatus, language: str, asked: Asked, screen: tuple[str, ...]
) -> PatronStatusReply:
    """Return message 24."""
    shows = may_show(status)
    return PatronStatusReply(
        status=flags(status),
        language=LANGUAGE_CODES.get(language, "000"),
        date=asked.date,
        institution=asked.institution(institution),
        patron=card_number,
        name=status.name if shows else "",
        is_valid=is_valid(status, asked),
        pin_is_right=status.pin is PinCheck.RIGHT,
        currency=currency(),
        fee=f"{status.owed:.2f}" if shows else "",
        screen=screen,
    )
