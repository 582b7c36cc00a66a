"""The reader's own pages side by side: loans, reservations, charges, lists, history, each with how much is in it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shufang.circulation.hold_queue import OPEN
from shufang.circulation.models import Hold, Loan
from shufang.money.charges import owed


@dataclass(frozen=True, slots=True)
class Section:
    """One of the pages; `count` stands beside its name."""

    label: Promise
    address: str
    count: str
    is_here: bool


_NAMES = (
    ("my_loans", _("Out")),
    ("my_holds", _("Reserved")),
    ("my_charges", _("Owed")),
    ("my_lists", _("Lists")),
    ("my_history", _("History")),
)


def sections(patron_id: int, here: str, *, loans: int | None = None) -> list[Section]:
    """Return all of them. Two queries, three where the number of loans is not known."""
    out = Loan.objects.filter(patron_id=patron_id).count() if loans is None else loans
    holds = Hold.objects.filter(patron_id=patron_id, status__in=OPEN).count()
    debt = owed(patron_id)
    counts = {"my_loans": out or "", "my_holds": holds or "", "my_charges": debt or ""}
    return [Section(label, reverse(name), str(counts.get(name, "")), name == here) for name, label in _NAMES]
