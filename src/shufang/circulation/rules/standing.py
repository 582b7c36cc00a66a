"""How a reader stands before he has chosen a book: what he may not do now, and why. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shufang.circulation.rules import card as cards
from shufang.circulation.rules.card import ShownCard
from shufang.circulation.rules.limits import limit_refusal
from shufang.circulation.rules.policy_choice import LimitTerms, PolicyTerms
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Privileges:
    """The fourteen positions of SIP2's patron status, in its order; True says denied, lost or too many."""

    charge_denied: bool = False
    renewal_denied: bool = False
    recall_denied: bool = False
    hold_denied: bool = False
    card_lost: bool = False
    too_many_charged: bool = False
    too_many_overdue: bool = False
    too_many_renewals: bool = False
    too_many_claims_returned: bool = False
    too_many_lost: bool = False
    excessive_fines: bool = False
    excessive_fees: bool = False
    recall_overdue: bool = False
    too_many_billed: bool = False


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """A known card and what its patron has out, has reserved and owes. `policy`: for no item kind in particular."""

    card: ShownCard
    today: date
    pin: str
    can_borrow: bool
    limits: tuple[LimitTerms, ...]
    loans: int
    holds: int
    overdue: int
    lost: int
    owed: Decimal
    owed_overdue: Decimal
    policy: PolicyTerms | None


def of_the_card(facts: StandingFacts) -> Iterator[Refusal]:
    """Yield why the card may do nothing at all."""
    for refusal in (
        cards.status_refusal(facts.card),
        cards.expiry_refusal(facts.card, facts.today),
        cards.block_refusal(facts.card),
        cards.pin_refusal(facts.pin),
    ):
        if refusal is not None:
            yield refusal


def of_the_patron(facts: StandingFacts) -> Iterator[Refusal]:
    """Yield why the patron may not borrow one more item, whichever it is."""
    if not facts.can_borrow:
        yield Refusal("reading_card")
    if owes_too_much(facts):
        yield Refusal("charges_above_limit", {"owed": facts.owed, "limit": _charges_limit(facts)})
    if facts.policy is not None and facts.policy.overdue_refuses and facts.overdue:
        yield Refusal("overdue_item_out")
    limit = limit_refusal(facts.limits, facts.loans)
    if limit is not None:
        yield limit


def standing_refusals(facts: StandingFacts) -> Iterator[Refusal]:
    """Yield every reason why this card may not borrow now, in the order in which a checkout refuses."""
    yield from of_the_card(facts)
    yield from of_the_patron(facts)


def _charges_limit(facts: StandingFacts) -> Decimal | None:
    return facts.policy.charges_limit if facts.policy is not None else None


def owes_too_much(facts: StandingFacts) -> bool:
    """Say whether the patron owes more than the policy allows."""
    limit = _charges_limit(facts)
    return limit is not None and facts.owed > limit


def privileges(facts: StandingFacts) -> Privileges:
    """Return the fourteen positions. A PIN denies nothing here: it is answered in a field of its own.

    No rule of the house limits renewals, claims, losses or bills of a patron, and recalls are denied with the card.
    """
    card_denies = any(refusal.code not in {"pin_wrong", "pin_locked"} for refusal in of_the_card(facts))
    owes = owes_too_much(facts)
    limits = {limit.counts: limit.most for limit in facts.limits if limit.group_id is None}
    hold_limit = limits.get("holds")
    return Privileges(
        charge_denied=card_denies or next(of_the_patron(facts), None) is not None,
        renewal_denied=card_denies or owes,
        recall_denied=card_denies,
        hold_denied=card_denies
        or owes
        or not facts.can_borrow
        or (hold_limit is not None and facts.holds >= hold_limit),
        card_lost=facts.card.status == "lost",
        too_many_charged=limit_refusal(facts.limits, facts.loans) is not None,
        too_many_overdue=facts.policy is not None and facts.policy.overdue_refuses and facts.overdue > 0,
        excessive_fines=owes and facts.owed_overdue > 0,
        excessive_fees=owes and facts.owed > facts.owed_overdue,
    )
