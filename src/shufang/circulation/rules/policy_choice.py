"""Which dated lending rule, which agreement and which limits hold. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """One dated lending rule; None for library, card kind or item kind means any. Amounts are in yuan."""

    policy_id: int
    library_id: int | None
    card_kind_id: int | None
    item_kind_id: int | None
    valid_from: date
    is_for_loan: bool
    loan_days: int
    renewals: int
    renewal_days: int
    overdue_a_day: Decimal
    overdue_cap: Decimal
    grace_days: int
    counts_closed_days: bool
    charges_limit: Decimal | None
    overdue_refuses: bool
    renews_when_held: bool
    renews_when_overdue: bool
    relends_unattended: bool
    lost_refunds_days: int
    damage_claim_days: int
    can_be_held: bool = True
    lends_held_titles: bool = False


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """What an owning library lets be done at another library's branches; `returns` is refuse, keep or route."""

    owner_id: int
    at_library_id: int
    valid_from: date
    lends: bool
    returns: str


@dataclass(frozen=True, slots=True)
class LimitTerms:
    """How many a card kind allows, in all (`group_id` None) or of a group; `counts` is loans or holds."""

    card_kind_id: int
    group_id: int | None
    counts: str
    most: int
    group_name: str = ""
    group_name_en: str = ""


def choose_policy(
    policies: Iterable[PolicyTerms], library_id: int, card_kind_id: int, item_kind_id: int | None, day: date
) -> PolicyTerms | None:
    """Return the rule of the owning library for a card kind and an item kind on a day.

    A row with the library beats one without, then one with the card kind, then one with the item kind, then the newest.
    """
    matching = (
        policy
        for policy in policies
        if policy.valid_from <= day
        and policy.library_id in (None, library_id)
        and policy.card_kind_id in (None, card_kind_id)
        and policy.item_kind_id in (None, item_kind_id)
    )
    return max(matching, key=_specificity, default=None)


def _specificity(policy: PolicyTerms) -> tuple[bool, bool, bool, date]:
    return (
        policy.library_id is not None,
        policy.card_kind_id is not None,
        policy.item_kind_id is not None,
        policy.valid_from,
    )


def choose_agreement(
    agreements: Iterable[AgreementTerms], owner_id: int, at_library_id: int, day: date
) -> AgreementTerms | None:
    """Return the newest agreement that is valid on a day; None means: neither lent nor taken back there."""
    matching = (
        agreement
        for agreement in agreements
        if agreement.owner_id == owner_id and agreement.at_library_id == at_library_id and agreement.valid_from <= day
    )
    return max(matching, key=lambda agreement: agreement.valid_from, default=None)
