"""A lent item counts as lost: its price and a fee are charged by the loan's policy; the loan stays open as LOST."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.borrower import raise_revision
from shufang.circulation.event_log import log_loan
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, change_status, take_up
from shufang.circulation.models import Loan
from shufang.circulation.place import Place
from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.money.charges import raise_charge
from shufang.money.models import Charge
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class MarkLost:
    """Staff, or the nightly job, give a lent item up. The job gives `loan_id`, so that no newer loan is meant."""

    barcode: str
    place: Place
    loan_id: int | None = None
    request: RequestKey | None = None


def mark_lost(command: MarkLost, now: datetime) -> ItemChanged | Refusal | Repeated:
    """Mark lost. Refuses item_unknown, not_on_loan (mark it missing instead), already_lost."""
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        loan, patron = found.loan, found.patron
        if loan is None or patron is None or command.loan_id not in {None, loan.pk}:
            return Refusal("not_on_loan")
        if loan.status == Loan.Status.LOST:
            return Refusal("already_lost")
        return _record(found, loan, patron, command.place, now)


def _record(found: ItemAtHand, loan: Loan, patron: Patron, place: Place, now: datetime) -> ItemChanged:
    item = found.item
    loan.status = Loan.Status.LOST
    loan.save(update_fields=["status"])
    charge = _charge(found, loan, patron, now)
    detail = f"{change_status(item, ItemStatus.LOST, now)} {charge}"
    event_id = log_loan("mark_lost", now, place, item, loan, detail, patron)
    revision = raise_revision(patron)
    return ItemChanged(event_id, item.pk, item.title.title, ItemStatus.LOST, patron.pk, revision, charge)


def _charge(found: ItemAtHand, loan: Loan, patron: Patron, now: datetime) -> Decimal:
    """Charge the price (or the policy's default) and the fee, each once a loan; return their sum."""
    item, policy = found.item, loan.policy
    charged = ZERO
    price = policy.lost_default_price if item.price is None else item.price
    for kind, value in ((Charge.Kind.LOST, price), (Charge.Kind.PROCESSING, policy.lost_fee)):
        if Charge.objects.filter(loan_id=loan.pk, kind=kind).exists():
            continue
        if raise_charge(patron.pk, loan.library_id, kind, value, now, item_id=item.pk, loan_id=loan.pk) is not None:
            charged += value
    return charged
