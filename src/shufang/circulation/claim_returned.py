"""A patron says that he returned what the books say he has: the loan stays open, as claimed, until it is settled."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.circulation.borrower import raise_revision
from shufang.circulation.event_log import log_loan
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, change_status, take_up
from shufang.circulation.models import Loan
from shufang.circulation.place import Place
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ClaimReturned:
    """Staff take the claim down."""

    barcode: str
    place: Place
    request: RequestKey | None = None


def claim_returned(command: ClaimReturned, now: datetime) -> ItemChanged | Refusal | Repeated:
    """Take down. Refuses item_unknown, not_on_loan, already_claimed. Charges for a loss stand until staff settle them."""
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        item, loan, patron = found.item, found.loan, found.patron
        if loan is None or patron is None:
            return Refusal("not_on_loan")
        if loan.status == Loan.Status.CLAIMED_RETURNED:
            return Refusal("already_claimed")
        loan.status = Loan.Status.CLAIMED_RETURNED
        loan.save(update_fields=["status"])
        event_id = log_loan(
            "claim_returned",
            now,
            command.place,
            item,
            loan,
            change_status(item, ItemStatus.CLAIMED_RETURNED, now),
            patron,
        )
        revision = raise_revision(patron)
        return ItemChanged(event_id, item.pk, item.title.title, ItemStatus.CLAIMED_RETURNED, patron.pk, revision)
