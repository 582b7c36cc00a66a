"""The facts from which lending is decided, and the reasons that a loan and a renewal share. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from shufang.circulation.rules import card as cards
from shufang.circulation.rules.card import ShownCard
from shufang.circulation.rules.policy_choice import AgreementTerms, LimitTerms, PolicyTerms
from shufang.kernel.refusal import Refusal

CLOCK_TOLERANCE = timedelta(seconds=30)
"""A verb may wait for its turn behind younger ones; a clock further behind the newest event than this is wrong."""

OVERRIDABLE = frozenset(
    {
        "card_expired",
        "card_not_active",
        "charges_above_limit",
        "group_limit_reached",
        "held_for_another",
        "hold_waiting",
        "item_damaged",
        "item_in_process",
        "item_missing",
        "item_not_for_loan",
        "limit_reached",
        "not_lent_here",
        "overdue_item_out",
        "overdue_not_renewable",
        "patron_blocked",
        "reading_card",
        "renewals_used_up",
        "return_not_accepted",
        "too_young",
    }
)
"""What staff may set aside, with a reason that is audited. A lost card, or a book that another has, never is."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An item as lending sees it. `is_for_loan`: neither the item nor its kind stays in the house."""

    item_id: int
    title_id: int
    library_id: int
    kind_id: int
    group_id: int
    status: str
    is_for_loan: bool
    least_age: int | None
    title: str
    material: str


@dataclass(frozen=True, slots=True)
class OpenLoan:
    """The open loan of an item; `status` is open, lost or claimed_returned."""

    loan_id: int
    patron_id: int
    due_at: datetime
    renewals: int
    status: str
    policy_id: int
    calendar_branch_id: int
    borrowed_at: datetime
    card_kind_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a patron has out over the whole network, in all and of the item's group, and what he owes in yuan."""

    loans: int
    loans_of_group: int
    has_overdue: bool
    owed: Decimal


@dataclass(frozen=True, slots=True)
class Holds:
    """The open holds of the title, as they concern this patron and this item.

    `assigned_id` is the hold the item is kept for, `assigned_to` its patron. `own`: this patron's holds that the item
    satisfies, with the item assigned to each (None: waiting). `waits_for`: the waiting hold of another that it would serve.
    `is_needed`: it is kept for nobody, and of those who wait before this patron one more goes without if it is lent to him.
    """

    assigned_id: int | None = None
    assigned_to: int | None = None
    own: tuple[tuple[int, int | None], ...] = ()
    waits_for: int | None = None
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class LendingFacts:
    """A known card, a known item, and the rules that hold between them today at this place.

    `library_id` is that of the branch. `is_machine`: an unattended device. `policy` and `agreement` None: there is none.
    """

    card: ShownCard
    copy: Copy
    loan: OpenLoan | None
    standing: Standing
    holds: Holds
    policy: PolicyTerms | None
    agreement: AgreementTerms | None
    limits: tuple[LimitTerms, ...]
    can_borrow: bool
    library_id: int
    is_machine: bool
    pin: str
    today: date
    zone: tzinfo
    newest_event_at: datetime | None
    is_open: Callable[[date], bool]
    """The calendar of the lending branch: of the loan's where there is a loan, else of the branch here."""


Rule = Callable[[LendingFacts, datetime], Refusal | None]


def clock(facts: LendingFacts, now: datetime) -> Refusal | None:
    """Refuse to lend while the machine's clock stands behind the newest event: every date would be wrong."""
    newest = facts.newest_event_at
    if newest is None or now >= newest - CLOCK_TOLERANCE:
        return None
    return Refusal("clock_behind", {"newest": newest, "now": now})


def card_status(facts: LendingFacts, _now: datetime) -> Refusal | None:
    """Refuse a card that is lost, replaced, expired, closed or not yet handed out."""
    return cards.status_refusal(facts.card)


def card_expired(facts: LendingFacts, _now: datetime) -> Refusal | None:
    """Refuse a card after its last day, also before the nightly job has marked it."""
    return cards.expiry_refusal(facts.card, facts.today)


def blocked(facts: LendingFacts, _now: datetime) -> Refusal | None:
    """Refuse a patron with a manual block."""
    return cards.block_refusal(facts.card)


def pin(facts: LendingFacts, _now: datetime) -> Refusal | None:
    """Refuse a wrong PIN, and a PIN that is locked here after too many wrong ones."""
    return cards.pin_refusal(facts.pin)


def charges(facts: LendingFacts, _now: datetime) -> Refusal | None:
    """Refuse a patron who owes more than the policy allows."""
    policy = facts.policy
    if policy is None or policy.charges_limit is None or facts.standing.owed <= policy.charges_limit:
        return None
    return Refusal("charges_above_limit", {"owed": facts.standing.owed, "limit": policy.charges_limit})
