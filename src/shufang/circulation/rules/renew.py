"""May this loan be lengthened? Pure: one refusal, one small function, listed in order."""

from collections.abc import Iterator
from datetime import datetime

from shufang.circulation.rules.due_dates import end_of_day, renewed_due_day
from shufang.circulation.rules.lending import (
    LendingFacts,
    OpenLoan,
    Rule,
    blocked,
    card_expired,
    card_status,
    charges,
    clock,
    pin,
)
from shufang.circulation.rules.policy_choice import PolicyTerms
from shufang.kernel.refusal import Refusal


def _not_on_loan(facts: LendingFacts, _now: datetime) -> Refusal | None:
    if facts.loan is not None and facts.loan.patron_id == facts.card.patron_id:
        return None
    return Refusal("not_on_loan")


def _lost(facts: LendingFacts, _now: datetime) -> Refusal | None:
    if facts.loan is None or facts.loan.status == "open":
        return None
    return Refusal("loan_lost" if facts.loan.status == "lost" else "loan_claimed")


def _no_policy(facts: LendingFacts, _now: datetime) -> Refusal | None:
    return Refusal("no_policy") if facts.policy is None else None


def _used_up(facts: LendingFacts, _now: datetime) -> Refusal | None:
    if facts.loan is None or facts.policy is None or facts.loan.renewals < facts.policy.renewals:
        return None
    return Refusal("renewals_used_up", {"limit": facts.policy.renewals, "due_at": facts.loan.due_at})


def _overdue(facts: LendingFacts, now: datetime) -> Refusal | None:
    if facts.loan is None or facts.policy is None or facts.policy.renews_when_overdue or now <= facts.loan.due_at:
        return None
    return Refusal("overdue_not_renewable", {"due_at": facts.loan.due_at})


def _hold_waiting(facts: LendingFacts, _now: datetime) -> Refusal | None:
    if facts.holds.waits_for is None or (facts.policy is not None and facts.policy.renews_when_held):
        return None
    return Refusal("hold_waiting")


REFUSALS: tuple[Rule, ...] = (
    clock,
    card_status,
    card_expired,
    blocked,
    pin,
    _not_on_loan,
    _lost,
    _no_policy,
    _used_up,
    _overdue,
    _hold_waiting,
    charges,
)

OF_THE_LOAN = frozenset(
    {"loan_lost", "loan_claimed", "no_policy", "renewals_used_up", "overdue_not_renewable", "hold_waiting"}
)
"""Reasons that lie in the loan: a checkout of what the reader has already is refused with the due date instead."""


def refusals(facts: LendingFacts, now: datetime) -> Iterator[Refusal]:
    """Yield every reason why this loan may not be renewed, in order: a machine takes the first, staff see all."""
    for rule in REFUSALS:
        refusal = rule(facts, now)
        if refusal is not None:
            yield refusal


def renewed_due_at(facts: LendingFacts, loan: OpenLoan, policy: PolicyTerms) -> datetime:
    """Return until when a renewed loan runs: the end of a local day of the lending branch's calendar, never shorter."""
    due = loan.due_at.astimezone(facts.zone).date()
    renewed = end_of_day(renewed_due_day(facts.today, due, policy.renewal_days, facts.is_open), facts.zone)
    return max(renewed, loan.due_at)
