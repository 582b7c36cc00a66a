"""Lend an item to a reader: gather, decide, record."""

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from shufang.branches.replies import Repeated, RequestKey
from shufang.catalogue.item_life import ItemStatus, may_become
from shufang.circulation import no_block
from shufang.circulation.conflicts import Reported
from shufang.circulation.event_log import age_band
from shufang.circulation.lending_facts import Situation, look
from shufang.circulation.making_room import make_room
from shufang.circulation.overrides import audit, not_set_aside
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.queries import recording
from shufang.circulation.queries.locking import attempts
from shufang.circulation.queries.recording import NewEvent, NewLoan, Write
from shufang.circulation.renewing import Renewal, RenewalRecord, record_renewal, refuse_renewal
from shufang.circulation.reporting import report
from shufang.circulation.rules import checkout as rules
from shufang.circulation.rules.lending import LendingFacts
from shufang.circulation.rules.policy_choice import PolicyTerms
from shufang.circulation.rules.renew import OF_THE_LOAN
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Checkout:
    """A reader takes an item. `happened_at` (no block): it has happened while the line was down and is never refused.

    `may_renew`: an item that is already on loan to this reader is renewed. `due_at` counts with no block and from staff.
    `overrides`: codes of refusals that staff set aside, for `reason`. `pin_version`: of the PIN that was found right; a
    card that has another by now is refused.
    """

    card_number: str
    barcode: str
    place: Place
    pin: PinCheck = PinCheck.NOT_ASKED
    may_renew: bool = True
    happened_at: datetime | None = None
    due_at: datetime | None = None
    overrides: frozenset[str] = frozenset()
    reason: str = ""
    request: RequestKey | None = None
    pin_version: int | None = None


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """A loan made or renewed; `language` is the reader's. `renewal_ok`: policy would renew it. `conflict`: a no-block report that contradicts."""

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
    language: str = ""
    conflict: str | None = None


def checkout(command: Checkout, now: datetime) -> CheckedOut | Reported | Refusal | Repeated:
    """Lend. Refuses card_unknown, item_unknown, already_on_loan, and all that rules/checkout.py refuses.

    A refusal carries the `title` of a known item, and the `due_at` of a loan that the reader has already.
    With `happened_at` nothing is refused: what contradicts the books is recorded as far as can be and reported.
    """
    return attempts(command.barcode, lambda cursor: _checkout(cursor, command, now))


def refusals(command: Checkout, now: datetime) -> tuple[Refusal, ...]:
    """Return all reasons why this loan may not be made, for staff; nothing is done. The reader's own loan has none."""

    def work(cursor: CursorWrapper) -> tuple[Refusal, ...]:
        seen = look(cursor, command.card_number, command.barcode, command.place, command.pin, now)
        if seen.facts is None:
            return (seen.unknown,) if seen.unknown is not None else ()
        if _has_it_already(seen.facts):
            return ()
        return tuple(rules.refusals(seen.facts, now))

    return attempts(command.barcode, work)


def _has_it_already(facts: LendingFacts) -> bool:
    return facts.loan is not None and facts.loan.patron_id == facts.card.patron_id


def _checkout(cursor: CursorWrapper, command: Checkout, now: datetime) -> CheckedOut | Reported | Refusal | Repeated:
    seen = look(
        cursor,
        command.card_number,
        command.barcode,
        command.place,
        command.pin,
        now,
        command.request,
        command.pin_version,
    )
    again = no_block.done_before(command.request) or seen.repeated(command.request, now)
    if again is not None:
        return again
    done = _decide(cursor, command, seen, now)
    return seen.named(done) if isinstance(done, Refusal) else done


def _decide(
    cursor: CursorWrapper, command: Checkout, seen: Situation, now: datetime
) -> CheckedOut | Reported | Refusal:
    facts = seen.facts
    if facts is None:
        unknown = seen.unknown or Refusal("item_unknown")
        return unknown if command.happened_at is None else _report(cursor, command, seen, unknown.code, now)
    if command.happened_at is not None:
        return _happened(cursor, command, seen, facts, command.happened_at, now)
    if _has_it_already(facts):
        return _renew_instead(cursor, command, seen, facts, now)
    refusal, aside = not_set_aside(rules.refusals(facts, now), command.overrides, command.place)
    if refusal is not None:
        return refusal
    if facts.policy is None:
        return Refusal("no_policy")
    audit(aside, "checkout", command.place, facts.copy.item_id, command.reason, now)
    return _record(cursor, command, seen, facts, facts.policy, now)


def _happened(
    cursor: CursorWrapper, command: Checkout, seen: Situation, facts: LendingFacts, at: datetime, now: datetime
) -> CheckedOut | Reported:
    if no_block.moved_since(facts.copy.item_id, at):
        return _report(cursor, command, seen, "moved_since", now)
    if _has_it_already(facts):
        refusal, _ = refuse_renewal(facts, command.overrides, command.place, now)
        if refusal is not None or facts.policy is None or not command.may_renew:
            return _report(cursor, command, seen, "already_on_loan", now)
        renewed = record_renewal(cursor, seen, facts, facts.policy, Renewal(command.place, command.due_at, at), now)
        return _renewed(renewed, seen, facts)
    first = next(rules.refusals(facts, now), None)
    conflict = first.code if first is not None else None
    if facts.policy is None or not may_become(ItemStatus(facts.copy.status), ItemStatus.ON_LOAN):
        return _report(cursor, command, seen, conflict or "no_policy", now)
    if conflict is not None:
        report(cursor, "checkout", conflict, command, at, now, facts.copy.item_id, facts.copy.title_id, is_event=False)
    return _record(cursor, command, seen, facts, facts.policy, now, conflict)


def _report(cursor: CursorWrapper, command: Checkout, seen: Situation, code: str, now: datetime) -> Reported:
    copy, card, loan = seen.gathered.item, seen.gathered.card, seen.gathered.loan
    at = command.happened_at or now
    told = report(
        cursor, "checkout", code, command, at, now, copy.item_id if copy else None, copy.title_id if copy else None
    )
    return Reported(
        conflict_id=told.conflict_id,
        event_id=told.event_id,
        conflict=code,
        item_id=copy.item_id if copy else None,
        patron_id=card.patron_id if card else None,
        title=copy.title if copy else "",
        due_at=loan.due_at if loan and card and loan.patron_id == card.patron_id else command.due_at,
    )


def _renew_instead(
    cursor: CursorWrapper, command: Checkout, seen: Situation, facts: LendingFacts, now: datetime
) -> CheckedOut | Refusal:
    loan = facts.loan
    due_at = loan.due_at if loan is not None else None
    refusal, aside = refuse_renewal(facts, command.overrides, command.place, now)
    if refusal is not None and refusal.code not in OF_THE_LOAN:
        return refusal
    if refusal is not None or facts.policy is None or not command.may_renew:
        return Refusal("already_on_loan", {"due_at": due_at, "because": refusal.code if refusal else None})
    audit(aside, "renew", command.place, facts.copy.item_id, command.reason, now)
    due = command.due_at if command.place.user_id is not None else None
    renewed = record_renewal(cursor, seen, facts, facts.policy, Renewal(command.place, due), now)
    return _renewed(renewed, seen, facts)


def _renewed(done: RenewalRecord, seen: Situation, facts: LendingFacts) -> CheckedOut:
    return _checked_out(
        done.loan_id, done.event_id, seen, facts, done.due_at, is_renewal=True, renewal_ok=done.renewal_ok
    )


def _checked_out(
    loan_id: int,
    event_id: int,
    seen: Situation,
    facts: LendingFacts,
    due_at: datetime,
    *,
    is_renewal: bool,
    renewal_ok: bool,
    conflict: str | None = None,
) -> CheckedOut:
    copy = facts.copy
    return CheckedOut(
        loan_id=loan_id,
        event_id=event_id,
        item_id=copy.item_id,
        patron_id=facts.card.patron_id,
        patron_revision=seen.gathered.revision + 1,
        title_id=copy.title_id,
        title=copy.title,
        due_at=due_at,
        is_renewal=is_renewal,
        renewal_ok=renewal_ok,
        material=copy.material,
        language=seen.gathered.language,
        conflict=conflict,
    )


def _record(
    cursor: CursorWrapper,
    command: Checkout,
    seen: Situation,
    facts: LendingFacts,
    policy: PolicyTerms,
    now: datetime,
    conflict: str | None = None,
) -> CheckedOut:
    card, copy, place = facts.card, facts.copy, command.place
    since = make_room(cursor, command.barcode, seen, facts, place, command.happened_at, now)
    loan = _loan(command, facts, policy, now)
    event = NewEvent(
        "checkout",
        place,
        copy.item_id,
        copy.title_id,
        policy.policy_id,
        None,
        card.kind_id,
        age_band(card.birth_date, seen.today),
        since + no_block.mark(command.happened_at),
    )
    loan_id, event_id = recording.write_loan(cursor, loan, _with_the_loan(seen, facts, place, now), event, now)
    return _checked_out(
        loan_id,
        event_id,
        seen,
        facts,
        loan.due_at,
        is_renewal=False,
        renewal_ok=rules.may_renew_later(facts, policy, 0),
        conflict=conflict,
    )


def _loan(command: Checkout, facts: LendingFacts, policy: PolicyTerms, now: datetime) -> NewLoan:
    """Return the loan: until the day that was promised offline or that staff wish, else the policy's."""
    copy, place = facts.copy, command.place
    wished = command.due_at if command.happened_at is not None or place.user_id is not None else None
    return NewLoan(
        copy.item_id,
        facts.card.patron_id,
        facts.card.kind_id,
        copy.group_id,
        copy.library_id,
        policy.policy_id,
        place.branch_id,
        command.happened_at or now,
        wished if wished is not None and wished > now else rules.due_at(facts, policy),
    )


def _with_the_loan(seen: Situation, facts: LendingFacts, place: Place, now: datetime) -> list[Write]:
    item, patron_id = facts.copy.item_id, facts.card.patron_id
    stood_at = seen.gathered.item.stands_at if seen.gathered.item is not None else 0
    writes = [
        recording.item_status(item, ItemStatus.ON_LOAN, place.branch_id, stood_at, now),
        recording.raised_revision(patron_id),
    ]
    if not seen.gathered.is_reader_of_month:
        writes.append(recording.reader_of_month(patron_id, seen.today.replace(day=1), place.branch_id))
    return writes
