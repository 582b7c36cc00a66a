"""Settling a part of a charge: the one place where `settled` changes, always with the row that says why."""

from datetime import datetime
from decimal import Decimal

from shufang.kernel.texts import storable
from shufang.money.models import Charge, Payment, Settlement


def settle(
    charge: Charge,
    kind: Settlement.Kind,
    part: Decimal,
    now: datetime,
    *,
    payment: Payment | None = None,
    user_id: int | None = None,
    reason: str = "",
) -> None:
    """Record that `part` of a charge (re-read under the patron's lock) is settled; close it when nothing is left.

    ValueError when `part` is nothing or more than is left.
    """
    left = charge.amount - charge.settled
    if not 0 < part <= left:
        raise ValueError(f"{part} of a charge with {left} left")
    Settlement.objects.create(
        charge=charge, payment=payment, kind=kind, amount=part, at=now, user_id=user_id, reason=storable(reason)
    )
    charge.settled += part
    if charge.settled == charge.amount:
        charge.settled_at = now
    charge.save(update_fields=["settled", "settled_at"])
