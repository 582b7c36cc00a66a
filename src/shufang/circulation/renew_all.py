"""Lengthen all loans of a reader that may be."""

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation.borrower import find_patron_id, lock_borrower
from shufang.circulation.lending_facts import look
from shufang.circulation.local_days import local_day
from shufang.circulation.locks import lock_items, lock_titles
from shufang.circulation.models import Loan
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.queries.locking import MovedError, attempts
from shufang.circulation.renewing import Renewal, record_renewal, refuse_renewal
from shufang.circulation.repeats import repeat_of_patron
from shufang.circulation.rules.placing_hold import card_refusal
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class RenewAll:
    """A reader keeps everything longer."""

    card_number: str
    place: Place
    pin: PinCheck = PinCheck.NOT_ASKED
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class RenewedLoan:
    """One loan that was renewed."""

    barcode: str
    title: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class UnrenewedLoan:
    """One loan that was not, and why."""

    barcode: str
    title: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class AllRenewed:
    """What became of each loan, in the order of due dates."""

    patron_id: int
    patron_revision: int
    renewed: tuple[RenewedLoan, ...]
    unrenewed: tuple[UnrenewedLoan, ...]


def renew_all(command: RenewAll, now: datetime) -> AllRenewed | Refusal | Repeated:
    """Renew everything of a reader. Refuses card_unknown and what lies in the card (lost, expired, PIN …) as a whole.

    One transaction under the locks of all titles, the patron and all items; what was renewed is renewed together.
    """
    return attempts(command.card_number, lambda cursor: _renew_all(cursor, command, now))


def _renew_all(cursor: CursorWrapper, command: RenewAll, now: datetime) -> AllRenewed | Refusal | Repeated:
    patron_id = find_patron_id(command.card_number)
    if patron_id is None:
        return Refusal("card_unknown", {"card_number": command.card_number})
    loans = Loan.objects.filter(patron_id=patron_id).order_by("due_at", "id")
    seen = set(loans.values_list("item__title_id", "item_id"))
    lock_titles(title_id for title_id, _ in seen)
    borrower = lock_borrower(command.card_number, patron_id)
    lock_items(item_id for _, item_id in seen)
    if not seen.issuperset(loans.values_list("item__title_id", "item_id")):
        raise MovedError
    again = repeat_of_patron(command.request, borrower.patron, now)
    if again is not None:
        return again
    refusal = card_refusal(borrower.facts(command.pin), local_day(now))
    if refusal is not None:
        return refusal
    lines = list(loans.values_list("item__barcode", "item__title__title"))
    done = [(barcode, title, _renew(cursor, command, barcode, now)) for barcode, title in lines]
    return AllRenewed(
        patron_id=patron_id,
        patron_revision=Patron.objects.values_list("revision", flat=True).get(pk=patron_id),
        renewed=tuple(RenewedLoan(barcode, title, due) for barcode, title, due in done if isinstance(due, datetime)),
        unrenewed=tuple(UnrenewedLoan(barcode, title, why) for barcode, title, why in done if isinstance(why, Refusal)),
    )


def _renew(cursor: CursorWrapper, command: RenewAll, barcode: str, now: datetime) -> datetime | Refusal:
    """Renew one loan under the locks that are held; return until when it runs now."""
    seen = look(cursor, command.card_number, barcode, command.place, command.pin, now)
    if seen.facts is None:
        return seen.unknown or Refusal("item_unknown", {"barcode": barcode})
    refusal, _ = refuse_renewal(seen.facts, frozenset(), command.place, now)
    if refusal is not None:
        return refusal
    if seen.facts.policy is None:
        return Refusal("no_policy")
    return record_renewal(cursor, seen, seen.facts, seen.facts.policy, Renewal(command.place), now).due_at
