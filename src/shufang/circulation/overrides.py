"""What staff set aside: only what may be (rules/lending.py), with a reason, each time in the audit trail."""

from collections.abc import Iterable
from datetime import datetime

from shufang.accounts.models import User
from shufang.audit.trail import record
from shufang.circulation.place import Place
from shufang.circulation.rules.lending import OVERRIDABLE
from shufang.kernel.refusal import Refusal


def not_set_aside(
    refusals: Iterable[Refusal], overrides: frozenset[str], place: Place
) -> tuple[Refusal | None, tuple[str, ...]]:
    """Return the first refusal that stands (None: all were set aside), and the codes that were set aside until then.

    Nobody but staff sets anything aside; without overrides only the first refusal is asked for.
    """
    allowed = overrides & OVERRIDABLE if place.user_id is not None else frozenset()
    aside: list[str] = []
    for refusal in refusals:
        if refusal.code not in allowed:
            return refusal, tuple(aside)
        aside.append(refusal.code)
    return None, tuple(aside)


def audit(codes: Iterable[str], verb: str, place: Place, item_id: int | None, reason: str, now: datetime) -> None:
    """Record who set what aside and why. One statement a code."""
    codes = tuple(codes)
    if not codes or place.user_id is None:
        return
    name = User.objects.filter(pk=place.user_id).values_list("username", flat=True).first() or ""
    for code in codes:
        record(place.user_id, name, f"override_{code}"[:40], "item", item_id, f"{verb}: {reason}", now)
