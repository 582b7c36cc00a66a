"""Undo a checkin that a terminal could not finish (SIP2 11 with BI=Y)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey, stored_reply
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.borrower import find_patron_id, raise_revision
from shufang.circulation.cancel_checkout import WINDOW
from shufang.circulation.event_log import log_loan
from shufang.circulation.hold_queue import unassign
from shufang.circulation.item_at_hand import ItemAtHand, change_status, take_up
from shufang.circulation.models import Event, History, LastPatron, Loan, Transit
from shufang.circulation.place import Place
from shufang.kernel.numbers import as_number
from shufang.kernel.refusal import Refusal
from shufang.money.cancel_charge import cancel_charges_of_loan
from shufang.money.models import Charge
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class CancelCheckin:
    """The return of the last minutes at this branch, by this card, did not come about."""

    card_number: str
    barcode: str
    place: Place
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class CheckinCancelled:
    """The loan is open again with its old due date. The fields of `CheckedOut`."""

    loan_id: int
    event_id: int
    item_id: int
    patron_id: int
    patron_revision: int
    title_id: int
    title: str
    due_at: datetime
    is_renewal: bool
    renewal_ok: bool
    material: str
    conflict: str | None = None


def cancel_checkin(command: CancelCheckin, now: datetime) -> CheckinCancelled | Refusal | Repeated:
    """Undo. Refuses card_unknown, item_unknown, nothing_to_cancel, cancel_too_late.

    A closed loan does not know its reader. That it was this card's is shown by the reply which the terminal got for the
    return: it stands, with the card's number in its field AA, for ten minutes on the item's row. So only what a terminal
    took back can be undone.
    """
    with transaction.atomic():
        patron_id = find_patron_id(command.card_number)
        if patron_id is None:
            return Refusal("card_unknown", {"card_number": command.card_number})
        found = take_up(command.barcode, command.request, now, also_patron_id=patron_id)
        if not isinstance(found, ItemAtHand):
            return found
        nothing = Refusal("nothing_to_cancel", {"title": found.item.title.title})
        newest = Event.objects.filter(item=found.item).order_by("-id").first()
        if found.loan is not None or newest is None or newest.verb != "checkin" or newest.loan_id is None:
            return nothing
        if newest.branch_id != command.place.branch_id:
            return nothing
        if now - newest.at > WINDOW:
            return Refusal("cancel_too_late", nothing.values)
        if not _was_told(found.item.pk, newest.pk, command.card_number):
            return nothing
        loan = Loan.objects.get(pk=newest.loan_id)
        return _record(found.item, loan, Patron.objects.get(pk=patron_id), newest, command.place, now)


def _was_told(item_id: int, event_id: int, card_number: str) -> bool:
    """Say whether the reply to the return of this event named this card."""
    stored = stored_reply("item", item_id)
    if stored is None or stored.marker != event_id:
        return False
    return b"|AA%b|" % as_number(card_number).encode() in stored.reply.upper() + b"|"


def _record(item: Item, loan: Loan, patron: Patron, newest: Event, place: Place, now: datetime) -> CheckinCancelled:
    if loan.returned_at is not None:
        History.objects.filter(patron=patron, title_id=item.title_id, returned_at=loan.returned_at).delete()
    LastPatron.objects.filter(item=item, patron=patron).delete()
    cancel_charges_of_loan(loan.pk, [Charge.Kind.OVERDUE], now, "return cancelled", raised_at=newest.at)
    _let_go_of_hold(item)
    loan.status = Loan.Status.OPEN
    loan.patron = patron
    loan.returned_at = None
    loan.returned_branch = None
    loan.save(update_fields=["status", "patron", "returned_at", "returned_branch"])
    detail = change_status(item, ItemStatus.ON_LOAN, now)
    event_id = log_loan("cancel_checkin", now, place, item, loan, f"{detail} after={newest.pk}", patron)
    return CheckinCancelled(
        loan_id=loan.pk,
        event_id=event_id,
        item_id=item.pk,
        patron_id=patron.pk,
        patron_revision=raise_revision(patron),
        title_id=item.title_id,
        title=item.title.title,
        due_at=loan.due_at,
        is_renewal=False,
        renewal_ok=False,
        material=item.title.material,
    )


def _let_go_of_hold(item: Item) -> None:
    """Undo what the return began: the hold waits again at its old place, the transit never was."""
    Transit.objects.filter(item=item, received_at__isnull=True).delete()
    unassign(item.pk)
