"""A loan that will not come back ends: what was lost is paid for or waived, or a claim is believed. The item is missing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.borrower import raise_revision
from shufang.circulation.event_log import log_loan
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, change_status, take_up
from shufang.circulation.models import Loan
from shufang.circulation.place import Place
from shufang.kernel.money import ZERO, amount
from shufang.kernel.refusal import Refusal
from shufang.money.models import Charge
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class WriteOff:
    """Staff, or the nightly job, end the loan. The job gives `loan_id`, so that no newer loan is meant."""

    barcode: str
    place: Place
    loan_id: int | None = None
    request: RequestKey | None = None


def write_off(command: WriteOff, now: datetime) -> ItemChanged | Refusal | Repeated:
    """End it. Refuses item_unknown, not_on_loan, not_lost (neither lost nor claimed), charges_open (of this loan).

    The patron is free of it, also for closing his card; what comes back later mends the item alone, and no money.
    """
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        loan, patron = found.loan, found.patron
        if loan is None or patron is None or command.loan_id not in {None, loan.pk}:
            return Refusal("not_on_loan")
        if loan.status == Loan.Status.OPEN:
            return Refusal("not_lost")
        owed = _owed(loan.pk)
        return Refusal("charges_open", {"owed": owed}) if owed else _record(found, loan, patron, command.place, now)


def _owed(loan_id: int) -> Decimal:
    """Return what is open of a loan's charges, whatever their kind."""
    charges = Charge.objects.filter(loan_id=loan_id, settled_at__isnull=True)
    return amount(charges.aggregate(left=Sum(F("amount") - F("settled")))["left"] or ZERO)


def _record(found: ItemAtHand, loan: Loan, patron: Patron, place: Place, now: datetime) -> ItemChanged:
    item = found.item
    loan.status = Loan.Status.CLOSED
    loan.patron = None
    loan.returned_at = now
    loan.save(update_fields=["status", "patron", "returned_at"])
    event_id = log_loan("write_off", now, place, item, loan, change_status(item, ItemStatus.MISSING, now), patron)
    revision = raise_revision(patron)
    return ItemChanged(event_id, item.pk, item.title.title, ItemStatus.MISSING, patron.pk, revision)
