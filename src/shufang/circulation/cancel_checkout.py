"""Undo a checkout that a terminal could not finish (SIP2 09 with BI=Y)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation import shelf_time
from shufang.circulation.borrower import raise_revision
from shufang.circulation.event_log import log_loan
from shufang.circulation.hold_queue import held_for
from shufang.circulation.item_at_hand import ItemAtHand, change_status, take_up
from shufang.circulation.models import Event, Hold, Loan
from shufang.circulation.place import Place
from shufang.kernel.refusal import Refusal
from shufang.money.cancel_charge import cancel_charges_of_loan
from shufang.money.models import Charge
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class CancelCheckout:
    """The loan (or renewal) of the last minutes at this branch did not come about."""

    barcode: str
    place: Place
    card_number: str = ""
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class CheckoutCancelled:
    """The item stands as before the checkout; no charge, no history."""

    event_id: int
    item_id: int
    title_id: int
    title: str
    material: str


WINDOW = timedelta(minutes=15)
"""How long after a checkout a terminal may say that it did not come about."""

_CHANGE = re.compile(r"^(?P<was>[a-z_]+)>on_loan(?: hold=(?P<hold>\d+))?")
_RENEWED = re.compile(r"^due=(?P<due>\S+)")


def cancel_checkout(command: CancelCheckout, now: datetime) -> CheckoutCancelled | Refusal | Repeated:
    """Undo. Refuses item_unknown, nothing_to_cancel (no such loan here, or of another card), cancel_too_late.

    A renewal is undone like a loan: the old due date stands again. Of an undone loan nothing but events is left.
    """
    with transaction.atomic():
        found = take_up(command.barcode, command.request, now)
        if not isinstance(found, ItemAtHand):
            return found
        loan, patron = found.loan, found.patron
        newest = Event.objects.filter(item=found.item).order_by("-id").first()
        if loan is None or patron is None or newest is None or newest.branch_id != command.place.branch_id:
            return Refusal("nothing_to_cancel")
        if newest.loan_id != loan.pk or newest.verb not in {"checkout", "renew"}:
            return Refusal("nothing_to_cancel")
        if command.card_number and not patron.cards.filter(number=command.card_number).exists():
            return Refusal("nothing_to_cancel")
        if now - newest.at > WINDOW:
            return Refusal("cancel_too_late")
        return _record(found.item, loan, patron, newest, command.place, now)


def _record(item: Item, loan: Loan, patron: Patron, newest: Event, place: Place, now: datetime) -> CheckoutCancelled:
    detail = _undo_renewal(loan, newest, now) if newest.verb == "renew" else _undo_loan(item, loan, patron, newest, now)
    raise_revision(patron)
    event_id = log_loan("cancel_checkout", now, place, item, loan, detail, patron)
    return CheckoutCancelled(event_id, item.pk, item.title_id, item.title.title, item.title.material)


def _undo_renewal(loan: Loan, newest: Event, now: datetime) -> str:
    told = _RENEWED.match(newest.detail)
    if told is not None:
        loan.due_at = datetime.strptime(told["due"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    loan.renewals = max(loan.renewals - 1, 0)
    loan.renewed_at = None
    loan.save(update_fields=["due_at", "renewals", "renewed_at"])
    cancel_charges_of_loan(loan.pk, [Charge.Kind.OVERDUE], now, "renewal cancelled", raised_at=newest.at)
    return "renewal"


def _undo_loan(item: Item, loan: Loan, patron: Patron, newest: Event, now: datetime) -> str:
    told = _CHANGE.match(newest.detail)
    was = ItemStatus(told["was"]) if told is not None else ItemStatus.AVAILABLE
    if was is ItemStatus.IN_TRANSIT:
        was = ItemStatus.TO_BE_SHELVED
    hold_id = int(told["hold"]) if told is not None and told["hold"] else None
    loan.status = Loan.Status.CLOSED
    loan.patron = None
    loan.returned_at = now
    loan.returned_branch_id = newest.branch_id
    loan.save(update_fields=["status", "patron", "returned_at", "returned_branch"])
    if hold_id is not None:
        _restore_hold(hold_id, item, patron, was, now)
    if was is ItemStatus.ON_HOLD_SHELF and held_for(item.pk) is None:
        was = ItemStatus.TO_BE_SHELVED  # it was kept for another, who waits again: the next scan gives it to him
    return change_status(item, was, now)


def _restore_hold(hold_id: int, item: Item, patron: Patron, was: ItemStatus, now: datetime) -> None:
    """Give the reader his hold back as it was: ready on the shelf, trapped, or waiting at its old place."""
    hold = Hold.objects.select_related("pickup_branch").get(pk=hold_id)
    hold.patron = patron
    hold.ended_at = None
    hold.status = {
        ItemStatus.ON_HOLD_SHELF: Hold.Status.READY,
        ItemStatus.TO_BE_SHELVED: Hold.Status.TRAPPED,
    }.get(was, Hold.Status.WAITING)
    hold.item = item if hold.status != Hold.Status.WAITING and hold.item_id == item.pk else None
    if hold.item is None:
        hold.status = Hold.Status.WAITING
    hold.pickup_until = shelf_time.ends(hold.pickup_branch, now) if hold.status == Hold.Status.READY else None
    hold.save(update_fields=["patron", "ended_at", "status", "item", "pickup_until"])
