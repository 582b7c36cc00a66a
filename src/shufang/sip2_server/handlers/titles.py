"""AJ names a title: by our number, or by the words that our own replies showed for one of the patron's titles."""

from collections.abc import Iterable

from shufang.circulation.models import Hold, Loan
from shufang.patrons.models import Card
from shufang.sip2.text import LONGEST, clean

UNKNOWN = 0
"""An id that no title has; the verbs refuse it with the right code."""
_NEARLY_CUT = LONGEST // 2
"""Bytes in UTF-8 of a title that a field of GB18030 or UTF-8 may have cut."""


def title_number(text: str) -> int | None:
    """Return the title's number in AJ, None when it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def title_on_loan(text: str, card_number: str) -> int:
    """Return the title of one of the patron's loans that AJ means, UNKNOWN for none. At most two queries."""
    loans = Loan.objects.filter(patron_id__in=_patron(card_number))
    return _meant(text, loans.values_list("item__title_id", "item__title__title"))


def title_on_hold(text: str, card_number: str) -> int:
    """Return the title of one of the patron's holds that AJ means, UNKNOWN for none. At most two queries."""
    holds = Hold.objects.filter(patron_id__in=_patron(card_number))
    return _meant(text, holds.values_list("title_id", "title__title"))


def _meant(text: str, titles: Iterable[tuple[int, str]]) -> int:
    """Words go before numbers: a book may be called 1984. A long title comes back as our own reply has cut it."""
    for title_id, title in titles:
        shown = clean(title).strip()
        if text and (shown == text or (len(text.encode()) > _NEARLY_CUT and shown.startswith(text))):
            return title_id
    return title_number(text) or UNKNOWN


def _patron(card_number: str) -> list[int]:
    return list(Card.objects.filter(number=card_number).values_list("patron_id", flat=True))
