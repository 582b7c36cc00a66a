"""AJ names a title: by our number, or by the words that our own replies showed for one of the patron's titles."""

from shufang.circulation.models import Hold, Loan
from shufang.patrons.models import Card

UNKNOWN = 0
"""An id that no title has; the verbs refuse it with the right code."""


def title_number(text: str) -> int | None:
    """Return the title's number in AJ, None when it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def title_on_loan(text: str, card_number: str) -> int:
    """Return the title of one of the patron's loans that AJ means, UNKNOWN for none. At most two queries."""
    number = title_number(text)
    if number is not None:
        return number
    found = Loan.objects.filter(patron_id__in=_patron(card_number), item__title__title=text)
    return found.values_list("item__title_id", flat=True).first() or UNKNOWN


def title_on_hold(text: str, card_number: str) -> int:
    """Return the title of one of the patron's holds that AJ means, UNKNOWN for none."""
    number = title_number(text)
    if number is not None:
        return number
    found = Hold.objects.filter(patron_id__in=_patron(card_number), title__title=text)
    return found.values_list("title_id", flat=True).first() or UNKNOWN


def _patron(card_number: str) -> list[int]:
    return list(Card.objects.filter(number=card_number).values_list("patron_id", flat=True))
