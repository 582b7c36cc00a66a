"""An item came back damaged: it leaves lending, and its last patron may be charged where policy kept him for that."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shufang.audit.trail import record
from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.borrower import raise_revision
from shufang.circulation.item_at_hand import ItemAtHand, ItemChanged, take_up
from shufang.circulation.mark_missing import take_out
from shufang.circulation.models import LastPatron
from shufang.circulation.place import Place
from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.money.charges import raise_charge
from shufang.money.models import Charge
from shufang.money.pay import is_payable
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class MarkDamaged:
    """Staff found a damage; `charge`: what its last patron is to pay for it, with the reason."""

    barcode: str
    place: Place
    charge: Decimal = ZERO
    reason: str = ""
    user_name: str = ""
    request: RequestKey | None = None


def mark_damaged(command: MarkDamaged, now: datetime) -> ItemChanged | Refusal | Repeated:
    """Mark damaged. Refuses item_unknown, item_on_loan (return it first), item_withdrawn; with a charge also
    amount_invalid, reason_missing, last_patron_unknown (nobody is kept, or not any more).
    """
    with transaction.atomic():
        patron_id = _last_patron(command, now) if command.charge else None
        found = take_up(command.barcode, command.request, now, also_patron_id=patron_id)
        if not isinstance(found, ItemAtHand):
            return found
        if found.loan is not None:
            return Refusal("item_on_loan")
        if found.item.status == ItemStatus.WITHDRAWN:
            return Refusal("item_withdrawn")
        refusal = _charge_refusal(command, patron_id, now)
        return refusal or _record(command, found.item, patron_id, now)


def _last_patron(command: MarkDamaged, now: datetime) -> int | None:
    kept = LastPatron.objects.filter(item__barcode=command.barcode, until__gte=timezone.localdate(now))
    return kept.values_list("patron_id", flat=True).first()


def _charge_refusal(command: MarkDamaged, patron_id: int | None, now: datetime) -> Refusal | None:
    if not command.charge:
        return None
    if not is_payable(command.charge):
        return Refusal("amount_invalid")
    if not command.reason.strip():
        return Refusal("reason_missing")
    if patron_id is None or _last_patron(command, now) != patron_id:
        return Refusal("last_patron_unknown")
    return None


def _record(command: MarkDamaged, item: Item, patron_id: int | None, now: datetime) -> ItemChanged:
    done = take_out(item, ItemStatus.DAMAGED, "mark_damaged", command.place, now)
    if patron_id is None:
        return done
    record(command.place.user_id, command.user_name, "charge_last_patron", "item", item.pk, command.reason, now)
    raise_charge(
        patron_id,
        item.library_id,
        Charge.Kind.DAMAGE,
        command.charge,
        now,
        item_id=item.pk,
        note=command.reason.strip()[:255],
    )
    revision = raise_revision(Patron.objects.get(pk=patron_id))
    return replace(done, patron_id=patron_id, patron_revision=revision, charge=command.charge)
