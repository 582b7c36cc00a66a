"""The renewal of a loan that was looked at: shared by renew, renew all and a checkout of what the reader has already."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.backends.utils import CursorWrapper

from shufang.circulation import no_block
from shufang.circulation.closing import charge_for_delay
from shufang.circulation.event_log import age_band
from shufang.circulation.lending_facts import Situation
from shufang.circulation.overrides import not_set_aside
from shufang.circulation.place import Place
from shufang.circulation.queries import recording
from shufang.circulation.queries.recording import NewEvent
from shufang.circulation.rules import renew as rules
from shufang.circulation.rules.checkout import may_renew_later
from shufang.circulation.rules.lending import LendingFacts
from shufang.circulation.rules.policy_choice import PolicyTerms
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Renewal:
    """Where a loan is renewed; `due_at` instead of the policy's date; `happened_at`: no block."""

    place: Place
    due_at: datetime | None = None
    happened_at: datetime | None = None
    third_party: bool = False


@dataclass(frozen=True, slots=True)
class RenewalRecord:
    """What was written."""

    loan_id: int
    event_id: int
    due_at: datetime
    renewal_ok: bool


def refuse_renewal(
    facts: LendingFacts, overrides: frozenset[str], place: Place, now: datetime
) -> tuple[Refusal | None, tuple[str, ...]]:
    """Return the first reason that stands against a renewal, and what staff set aside."""
    return not_set_aside(rules.refusals(facts, now), overrides, place)


def record_renewal(
    cursor: CursorWrapper, seen: Situation, facts: LendingFacts, policy: PolicyTerms, renewal: Renewal, now: datetime
) -> RenewalRecord:
    """Write a renewal; days overdue until now are charged. The event keeps the old due date, so that it can be undone.

    ValueError without a loan of this reader: that is decided before.
    """
    loan, copy, card = facts.loan, facts.copy, facts.card
    if loan is None or loan.patron_id != card.patron_id:
        raise ValueError("there is no loan of this reader to renew")
    at = renewal.happened_at or now
    if at > loan.due_at:
        charge_for_delay(copy.item_id, copy.library_id, loan, seen.rules, at, now)
    due_at = renewal.due_at if renewal.due_at is not None else rules.renewed_due_at(facts, loan, policy)
    due_at = max(due_at, loan.due_at)
    was = loan.due_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    party = " third_party" if renewal.third_party else ""
    event = NewEvent(
        "renew",
        renewal.place,
        copy.item_id,
        copy.title_id,
        policy.policy_id,
        loan.loan_id,
        card.kind_id,
        age_band(card.birth_date, seen.today),
        f"due={was}{party}{no_block.mark(renewal.happened_at)}",
    )
    writes = [
        recording.renewed_loan(loan.loan_id, due_at, policy.policy_id, now),
        recording.raised_revision(card.patron_id),
    ]
    event_id = recording.write(cursor, writes, event, now)
    return RenewalRecord(loan.loan_id, event_id, due_at, may_renew_later(facts, policy, loan.renewals + 1))
