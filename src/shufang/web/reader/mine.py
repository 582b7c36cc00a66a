"""What a reader has: read for his own pages, and shown to nobody else. Nothing is decided here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from shufang.catalogue.models import Title
from shufang.circulation.models import Hold, Loan
from shufang.web.templatetags.days import days_until, weekday
from shufang.web.templatetags.words import counted


@dataclass(frozen=True, slots=True)
class Out:
    """Something that a reader has out."""

    loan_id: int
    barcode: str
    volume: str
    title: Title
    due_at: datetime
    renewals: int
    status: Loan.Status

    @property
    def is_open(self) -> bool:
        """Return whether it is simply out: neither lost nor said to be returned."""
        return self.status == Loan.Status.OPEN

    @property
    def is_overdue(self) -> bool:
        """Return whether its day has passed."""
        return self.is_open and days_until(self.due_at) < 0


def out(patron_id: int) -> list[Out]:
    """Return what a reader has out, the most urgent first. One query."""
    loans = Loan.objects.filter(patron_id=patron_id).select_related("item__title").order_by("due_at", "id")
    return [
        Out(
            loan.pk, loan.item.barcode, loan.item.volume, loan.item.title, loan.due_at, loan.renewals,
            Loan.Status(loan.status),
        )
        for loan in loans
    ]  # fmt: skip


def ready(patron_id: int) -> list[Hold]:
    """Return the holds whose items stand ready, the one that leaves first first. One query."""
    holds = Hold.objects.filter(patron_id=patron_id, status=Hold.Status.READY)
    return list(holds.select_related("title", "pickup_branch").order_by("pickup_until", "id"))


def headline(things: Sequence[Out]) -> str:
    """Return in one line what is out and what is urgent: 手边三本，周三还一本."""
    if not things:
        return gettext("You have nothing out")
    many = ngettext("%(number)s book out", "%(number)s books out", len(things)) % {"number": counted(len(things))}
    late = sum(thing.is_overdue for thing in things)
    if late:
        values = {"many": many, "number": counted(late)}
        return ngettext("%(many)s, %(number)s overdue", "%(many)s, %(number)s overdue", late) % values
    coming = [thing for thing in things if thing.is_open]
    first = days_until(coming[0].due_at) if coming else 7
    if first > 6:
        return many
    due = sum(days_until(thing.due_at) == first for thing in coming)
    values = {"many": many, "number": counted(due), "when": _when(coming[0].due_at, first)}
    return ngettext("%(many)s, %(number)s due %(when)s", "%(many)s, %(number)s due %(when)s", due) % values


def _when(due_at: datetime, days: int) -> str:
    return weekday(due_at) if days > 1 else gettext("tomorrow") if days else gettext("today")
