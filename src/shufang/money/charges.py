"""What a patron owes: raising a charge and asking for the open ones. The patron's row guards his charges."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import DecimalField, F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from shufang.kernel.money import ZERO, amount
from shufang.kernel.texts import storable
from shufang.money.models import Charge
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """A charge with something left to pay. `item_id` is for the patron and the owning library alone."""

    charge_id: int
    library_id: int
    kind: Charge.Kind
    amount: Decimal
    left: Decimal
    item_id: int | None
    created_at: datetime
    note: str


def open_charges(patron_id: int) -> tuple[OpenCharge, ...]:
    """Return the open charges of a patron, oldest first (the order in which payments settle them). One query."""
    return tuple(
        OpenCharge(
            charge_id=charge.pk,
            library_id=charge.library_id,
            kind=Charge.Kind(charge.kind),
            amount=charge.amount,
            left=charge.amount - charge.settled,
            item_id=charge.item_id,
            created_at=charge.created_at,
            note=charge.note,
        )
        for charge in still_open(patron_id)
    )


def still_open(patron_id: int) -> QuerySet[Charge]:
    """Return the open charges of a patron, oldest first, as rows."""
    return Charge.objects.filter(patron_id=patron_id, settled_at__isnull=True).order_by("created_at", "id")


def owed(patron_id: int) -> Decimal:
    """Return what a patron owes in all. One query."""
    left = Coalesce(Sum(F("amount") - F("settled")), Value(ZERO), output_field=DecimalField())
    return amount(still_open(patron_id).aggregate(left=left)["left"])


def raise_charge(
    patron_id: int,
    library_id: int,
    kind: Charge.Kind,
    value: Decimal,
    now: datetime,
    *,
    item_id: int | None = None,
    loan_id: int | None = None,
    note: str = "",
) -> int | None:
    """Charge a patron, in the caller's transaction that has locked him; return the charge's id, None for nothing.

    ValueError for a negative amount or one above the largest.
    """
    value = amount(value)
    if value < 0:
        raise ValueError(f"a charge is never negative: {value}")
    if value == 0:
        return None
    charge = Charge.objects.create(
        patron_id=patron_id,
        library_id=library_id,
        kind=kind,
        amount=value,
        item_id=item_id,
        loan_id=loan_id,
        created_at=now,
        note=storable(note),
    )
    return charge.pk


def lock_patron(patron_id: int) -> Patron:
    """Lock a patron's row (FOR NO KEY UPDATE on PostgreSQL) and return him as he is then."""
    return Patron.objects.select_for_update(no_key=True).get(pk=patron_id)


def raise_revision(patron: Patron) -> int:
    """Raise the revision of a locked patron and return it: something that concerns his lending has changed."""
    patron.revision += 1
    patron.save(update_fields=["revision"])
    return patron.revision
