"""Lengthen a loan: gather, decide, record."""

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation import no_block
from shufang.circulation.conflicts import Reported
from shufang.circulation.lending_facts import Situation, look
from shufang.circulation.models import Loan
from shufang.circulation.overrides import audit
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.queries.locking import attempts
from shufang.circulation.renewing import Renewal, RenewalRecord, record_renewal, refuse_renewal
from shufang.circulation.reporting import report
from shufang.circulation.rules import renew as rules
from shufang.circulation.rules.lending import LendingFacts
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Renew:
    """A reader keeps an item (by barcode, or his one loan of a title) longer. See `Checkout` for the other fields.

    `third_party`: somebody else renews with the reader's card; it changes nothing here and is told in the event.
    """

    card_number: str
    place: Place
    barcode: str = ""
    title_id: int | None = None
    pin: PinCheck = PinCheck.NOT_ASKED
    third_party: bool = False
    happened_at: datetime | None = None
    due_at: datetime | None = None
    overrides: frozenset[str] = frozenset()
    reason: str = ""
    request: RequestKey | None = None
    pin_version: int | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """A loan renewed; the fields of `CheckedOut` and the barcode."""

    loan_id: int
    event_id: int
    item_id: int
    barcode: str
    patron_id: int
    patron_revision: int
    title_id: int
    title: str
    due_at: datetime
    is_renewal: bool
    renewal_ok: bool
    material: str
    conflict: str | None = None


def renew(command: Renew, now: datetime) -> Renewed | Reported | Refusal | Repeated:
    """Renew. Refuses card_unknown, item_unknown, not_on_loan, and all that rules/renew.py refuses.

    With a title instead of a barcode the reader's loan of it that is due first is meant. A refusal carries the `title`
    of a known item and the `due_at` of the reader's loan.
    """
    barcode = command.barcode or _barcode_of_title(command)
    return attempts(barcode, lambda cursor: _renew(cursor, command, barcode, now))


def refusals(command: Renew, now: datetime) -> tuple[Refusal, ...]:
    """Return all reasons why this loan may not be renewed, for staff; nothing is done."""
    barcode = command.barcode or _barcode_of_title(command)

    def work(cursor: CursorWrapper) -> tuple[Refusal, ...]:
        seen = look(cursor, command.card_number, barcode, command.place, command.pin, now)
        if seen.facts is None:
            return (seen.unknown,) if seen.unknown is not None else ()
        return tuple(rules.refusals(seen.facts, now))

    return attempts(barcode, work)


def _barcode_of_title(command: Renew) -> str:
    if command.title_id is None:
        return ""
    loans = Loan.objects.filter(item__title_id=command.title_id, patron__cards__number=command.card_number)
    return loans.order_by("due_at", "id").values_list("item__barcode", flat=True).first() or ""


def _renew(
    cursor: CursorWrapper, command: Renew, barcode: str, now: datetime
) -> Renewed | Reported | Refusal | Repeated:
    seen = look(
        cursor, command.card_number, barcode, command.place, command.pin, now, command.request, command.pin_version
    )
    again = no_block.done_before(command.request) or seen.repeated(command.request, now)
    if again is not None:
        return again
    done = _decide(cursor, command, barcode, seen, now)
    return seen.named(done) if isinstance(done, Refusal) else done


def _decide(
    cursor: CursorWrapper, command: Renew, barcode: str, seen: Situation, now: datetime
) -> Renewed | Reported | Refusal:
    facts = seen.facts
    if facts is None:
        unknown = seen.unknown or Refusal("item_unknown")
        if command.title_id is not None and not command.barcode and unknown.code == "item_unknown":
            unknown = Refusal("not_on_loan")
        return unknown if command.happened_at is None else _report(cursor, command, seen, unknown.code, now)
    refusal, aside = refuse_renewal(facts, command.overrides, command.place, now)
    if command.happened_at is not None:
        return _happened(cursor, command, barcode, seen, facts, refusal, command.happened_at, now)
    if refusal is not None:
        return refusal
    if facts.policy is None:
        return Refusal("no_policy")
    audit(aside, "renew", command.place, facts.copy.item_id, command.reason, now)
    wished = command.due_at if command.place.user_id is not None else None
    done = record_renewal(
        cursor, seen, facts, facts.policy, Renewal(command.place, wished, third_party=command.third_party), now
    )
    return _renewed(done, barcode, seen, facts)


def _happened(
    cursor: CursorWrapper,
    command: Renew,
    barcode: str,
    seen: Situation,
    facts: LendingFacts,
    refusal: Refusal | None,
    at: datetime,
    now: datetime,
) -> Renewed | Reported:
    """Record a renewal that was promised; only one that nobody could keep is reported alone."""
    loan, policy = facts.loan, facts.policy
    is_impossible = refusal is not None and refusal.code in {"not_on_loan", "loan_lost", "loan_claimed", "no_policy"}
    if is_impossible or loan is None or policy is None or loan.patron_id != facts.card.patron_id:
        return _report(cursor, command, seen, refusal.code if refusal else "not_on_loan", now)
    conflict = refusal.code if refusal is not None else None
    if conflict is not None:
        report(cursor, "renew", conflict, command, at, now, facts.copy.item_id, facts.copy.title_id, is_event=False)
    renewal = Renewal(command.place, command.due_at, at, third_party=command.third_party)
    done = record_renewal(cursor, seen, facts, policy, renewal, now)
    return _renewed(done, barcode, seen, facts, conflict)


def _report(cursor: CursorWrapper, command: Renew, seen: Situation, code: str, now: datetime) -> Reported:
    copy, card = seen.gathered.item, seen.gathered.card
    item_id, title_id = (copy.item_id, copy.title_id) if copy else (None, None)
    told = report(cursor, "renew", code, command, command.happened_at or now, now, item_id, title_id)
    return Reported(
        conflict_id=told.conflict_id,
        event_id=told.event_id,
        conflict=code,
        item_id=item_id,
        patron_id=card.patron_id if card else None,
        title=copy.title if copy else "",
        due_at=command.due_at,
    )


def _renewed(
    done: RenewalRecord, barcode: str, seen: Situation, facts: LendingFacts, conflict: str | None = None
) -> Renewed:
    return Renewed(
        loan_id=done.loan_id,
        event_id=done.event_id,
        item_id=facts.copy.item_id,
        barcode=barcode,
        patron_id=facts.card.patron_id,
        patron_revision=seen.gathered.revision + 1,
        title_id=facts.copy.title_id,
        title=facts.copy.title,
        due_at=done.due_at,
        is_renewal=True,
        renewal_ok=done.renewal_ok,
        material=facts.copy.material,
        conflict=conflict,
    )
