"""Giving card numbers: in order, each once, and none lost.

A number is taken in the transaction that makes its card; when that is rolled back, the number is still there. Whoever
takes one locks the range before he locks any patron.
"""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.registration.models import NumberRange


@dataclass(frozen=True, slots=True)
class NumberTaken:
    """A number for a card that the same transaction makes; `left`: how many its library or machine has after it."""

    number: str
    left: int


def take_number(library_id: int, device_id: int | None) -> NumberTaken | Refusal:
    """Take the next number, in the caller's transaction. Refuses numbers_used_up.

    A machine's own ranges come before its library's, and of these the oldest first. Numbers that are on cards already
    (staff used them, a file brought them) are passed over.
    """
    while True:
        found = (
            _ranges(library_id, device_id)
            .select_for_update(no_key=True)
            .order_by(F("device").desc(nulls_last=True), "id")
            .first()
        )
        if found is None:
            if left(library_id, device_id):  # the one that we waited for was used up meanwhile; there is another
                continue
            return Refusal("numbers_used_up")
        number = _next(found)
        found.save(update_fields=["next_number"])
        if number:
            return NumberTaken(number, left(library_id, device_id))


def left(library_id: int, device_id: int | None) -> int:
    """Return how many numbers a machine may still give. One query."""
    spans = _ranges(library_id, device_id).values_list("next_number", "last")
    return sum(last - following + 1 for following, last in spans)


def running_low() -> list[str]:
    """Return the libraries and machines (their codes) that have fewer numbers left than their ranges warn at. One query."""
    ranges = NumberRange.objects.filter(is_enabled=True).select_related("library", "device").order_by("id")
    rest: dict[str, int] = {}
    warn: dict[str, int] = {}
    for found in ranges:
        whose = found.device.account if found.device else found.library.code
        rest[whose] = rest.get(whose, 0) + found.last - found.next_number + 1
        warn[whose] = max(warn.get(whose, 0), found.warn_below)
    return [whose for whose, count in rest.items() if count < warn[whose]]


def written(within: NumberRange, value: int) -> str:
    """Return a number of a range as it stands on the card."""
    return f"{within.prefix}{value:0{within.width}}"


def _ranges(library_id: int, device_id: int | None) -> QuerySet[NumberRange]:
    mine = Q(device__isnull=True) if device_id is None else Q(device__isnull=True) | Q(device_id=device_id)
    return NumberRange.objects.filter(mine, library_id=library_id, is_enabled=True, next_number__lte=F("last"))


def _next(found: NumberRange) -> str:
    """Step a locked range on to the first number that is on no card, and past it; "" when there is none."""
    while found.next_number <= found.last:
        number = written(found, found.next_number)
        found.next_number += 1
        if not Card.objects.filter(number=number).exists():
            return number
    return ""
