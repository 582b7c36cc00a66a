"""May this reader take this item? Pure: one refusal, one small function, listed in the order in which machines tell them."""

from collections.abc import Iterator
from datetime import datetime

from shufang.circulation.rules.due_dates import due_day, end_of_day
from shufang.circulation.rules.holds import age_on
from shufang.circulation.rules.lending import (
    LendingFacts,
    Rule,
    blocked,
    card_expired,
    card_status,
    charges,
    clock,
    pin,
)
from shufang.circulation.rules.limits import group_limit_refusal, limit_refusal
from shufang.circulation.rules.policy_choice import PolicyTerms
from shufang.kernel.refusal import Refusal

_AWAY = {
    "missing": "item_missing",
    "lost": "item_missing",
    "damaged": "item_damaged",
    "in_process": "item_in_process",
    "on_order": "item_on_order",
}


def _withdrawn(facts: LendingFacts, _now: datetime) -> Refusal | None:
    return Refusal("item_withdrawn") if facts.copy.status == "withdrawn" else None


def is_relending(facts: LendingFacts) -> bool:
    """Say whether an item on loan to another lies on an unattended machine and policy returns it and lends it on."""
    loan, policy = facts.loan, facts.policy
    return (
        loan is not None
        and loan.patron_id != facts.card.patron_id
        and facts.is_machine
        and policy is not None
        and policy.relends_unattended
    )


def _on_loan_to_another(facts: LendingFacts, _now: datetime) -> Refusal | None:
    if facts.loan is None or facts.loan.patron_id == facts.card.patron_id or is_relending(facts):
        return None
    return Refusal("on_loan_to_another")


def _away(facts: LendingFacts, _now: datetime) -> Refusal | None:
    return None if facts.loan is not None else away_refusal(facts.copy.status)


def away_refusal(status: str) -> Refusal | None:
    """Refuse an item that is missing, damaged, in process or on order, whoever wants it."""
    code = _AWAY.get(status)
    return Refusal(code) if code else None


def _not_for_loan(facts: LendingFacts, _now: datetime) -> Refusal | None:
    if facts.copy.is_for_loan and (facts.policy is None or facts.policy.is_for_loan):
        return None
    return Refusal("item_not_for_loan")


def _not_lent_here(facts: LendingFacts, _now: datetime) -> Refusal | None:
    if facts.copy.library_id == facts.library_id or (facts.agreement is not None and facts.agreement.lends):
        return None
    return Refusal("not_lent_here")


def _no_policy(facts: LendingFacts, _now: datetime) -> Refusal | None:
    return Refusal("no_policy") if facts.policy is None else None


def _held(facts: LendingFacts, _now: datetime) -> Refusal | None:
    holds = facts.holds
    if holds.assigned_id is not None and holds.assigned_to != facts.card.patron_id:
        return Refusal("held_for_another")
    if is_relending(facts) and holds.waits_for is not None:
        return Refusal("held_for_another")
    if holds.is_needed and not (facts.policy is not None and facts.policy.lends_held_titles):
        return Refusal("held_for_another")
    return None


def _reading_card(facts: LendingFacts, _now: datetime) -> Refusal | None:
    return None if facts.can_borrow else Refusal("reading_card")


def _age(facts: LendingFacts, _now: datetime) -> Refusal | None:
    least, born = facts.copy.least_age, facts.card.birth_date
    if not least or (born is not None and age_on(born, facts.today) >= least):
        return None
    return Refusal("too_young", {"least_age": least})


def _overdue_out(facts: LendingFacts, _now: datetime) -> Refusal | None:
    if facts.policy is not None and facts.policy.overdue_refuses and facts.standing.has_overdue:
        return Refusal("overdue_item_out")
    return None


def _limit(facts: LendingFacts, _now: datetime) -> Refusal | None:
    return limit_refusal(facts.limits, facts.standing.loans)


def _group_limit(facts: LendingFacts, _now: datetime) -> Refusal | None:
    return group_limit_refusal(facts.limits, facts.copy.group_id, facts.standing.loans_of_group)


REFUSALS: tuple[Rule, ...] = (
    clock,
    card_status,
    card_expired,
    blocked,
    pin,
    _withdrawn,
    _on_loan_to_another,
    _away,
    _not_for_loan,
    _not_lent_here,
    _no_policy,
    _held,
    _reading_card,
    _age,
    charges,
    _overdue_out,
    _limit,
    _group_limit,
)


def refusals(facts: LendingFacts, now: datetime) -> Iterator[Refusal]:
    """Yield every reason why this loan may not be made, in order: a machine takes the first, staff see all."""
    for rule in REFUSALS:
        refusal = rule(facts, now)
        if refusal is not None:
            yield refusal


def due_at(facts: LendingFacts, policy: PolicyTerms) -> datetime:
    """Return until when a loan made today runs: the end of a local day, UTC."""
    return end_of_day(due_day(facts.today, policy.loan_days, facts.is_open), facts.zone)


def may_renew_later(facts: LendingFacts, policy: PolicyTerms, renewals: int) -> bool:
    """Say whether policy would renew a loan that has been renewed so many times, as things stand."""
    return renewals < policy.renewals and (policy.renews_when_held or facts.holds.waits_for is None)
