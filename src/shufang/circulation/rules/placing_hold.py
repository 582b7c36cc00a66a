"""May this patron reserve this? Pure: one refusal, one small function, listed in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shufang.circulation.rules.holds import Copy, age_on
from shufang.kernel.refusal import Refusal

CARD_REFUSALS = {
    "issued": "card_not_active",
    "lost": "card_lost",
    "replaced": "card_replaced",
    "expired": "card_expired",
    "closed": "card_closed",
}


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A known card and its patron, as every verb of a reader asks of them. `pin`: a value of PinCheck."""

    status: str
    expires_on: date | None
    is_blocked: bool
    pin: str


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What is known when a hold is asked for. `limits`: pairs of (open holds counted, the most allowed).

    `copies` are those the hold means (all of the title, a volume's, or one item), whatever their state.
    """

    card: CardFacts
    today: date
    can_borrow: bool
    card_kind_id: int
    birth_date: date | None
    owed: Decimal
    charges_limit: Decimal | None
    copies: tuple[Copy, ...]
    pickup_library_id: int
    pickup_is_open: bool
    not_needed_after: date | None
    has_hold: bool
    has_loan: bool
    limits: tuple[tuple[int, int], ...]


def card_refusal(card: CardFacts, today: date) -> Refusal | None:
    """Refuse a card that is not good, a blocked patron, a wrong or locked PIN."""
    if card.status != "active":
        return Refusal(CARD_REFUSALS.get(card.status, "card_not_active"))
    if card.expires_on is not None and card.expires_on < today:
        return Refusal("card_expired", {"expired_on": card.expires_on})
    if card.is_blocked:
        return Refusal("patron_blocked")
    return {"wrong": Refusal("pin_wrong"), "locked": Refusal("pin_locked")}.get(card.pin)


def identity_refusal(card: CardFacts) -> Refusal | None:
    """Refuse who may not even look after what he has: a card that is not his any more, a wrong or locked PIN.

    An expired card and a block do not keep anybody from giving a reservation up.
    """
    if card.status not in {"active", "expired"}:
        return Refusal(CARD_REFUSALS.get(card.status, "card_not_active"))
    return {"wrong": Refusal("pin_wrong"), "locked": Refusal("pin_locked")}.get(card.pin)


def _card(facts: HoldFacts) -> Refusal | None:
    return card_refusal(facts.card, facts.today)


def _reading_card(facts: HoldFacts) -> Refusal | None:
    return None if facts.can_borrow else Refusal("reading_card")


def _charges(facts: HoldFacts) -> Refusal | None:
    if facts.charges_limit is None or facts.owed <= facts.charges_limit:
        return None
    return Refusal("charges_above_limit", {"owed": facts.owed, "limit": facts.charges_limit})


def _pickup(facts: HoldFacts) -> Refusal | None:
    return None if facts.pickup_is_open else Refusal("pickup_not_here")


def _date(facts: HoldFacts) -> Refusal | None:
    if facts.not_needed_after is None or facts.not_needed_after >= facts.today:
        return None
    return Refusal("date_in_the_past", {"date": facts.not_needed_after})


def _already(facts: HoldFacts) -> Refusal | None:
    if facts.has_hold:
        return Refusal("hold_exists")
    return Refusal("already_on_loan") if facts.has_loan else None


def can_be_held(copy: Copy, facts: HoldFacts) -> bool:
    """Say whether this patron may reserve this copy for pick-up there, his age apart."""
    return (
        copy.is_for_loan
        and facts.pickup_library_id in copy.lends_at
        and (copy.holdable_by is None or facts.card_kind_id in copy.holdable_by)
    )


def _no_copy(facts: HoldFacts) -> Refusal | None:
    return None if any(can_be_held(copy, facts) for copy in facts.copies) else Refusal("hold_not_allowed")


def _age(facts: HoldFacts) -> Refusal | None:
    ages = [copy.least_age or 0 for copy in facts.copies if can_be_held(copy, facts)]
    least = min(ages, default=0)
    if not least or (facts.birth_date is not None and age_on(facts.birth_date, facts.today) >= least):
        return None
    return Refusal("too_young", {"least_age": least})


def _limit(facts: HoldFacts) -> Refusal | None:
    for count, most in facts.limits:
        if count >= most:
            return Refusal("hold_limit_reached", {"limit": most})
    return None


REFUSALS: tuple[Callable[[HoldFacts], Refusal | None], ...] = (
    _card,
    _reading_card,
    _charges,
    _pickup,
    _date,
    _already,
    _no_copy,
    _age,
    _limit,
)


def refuse_hold(facts: HoldFacts) -> Refusal | None:
    """Return the first reason why this hold may not be placed, None when it may."""
    return next((refusal for rule in REFUSALS if (refusal := rule(facts)) is not None), None)
