"""The rules of lending as data, kept in memory: policies, limits, agreements, kinds, branches and calendars.

They are seen at once by all processes when they change: triggers of the database put a new random number into
`RulesStamp` in the transaction of the change, every gathering statement reads it, and rules with another stamp are loaded
anew. A random number, because a counter that a rolled back transaction had raised would come again with other rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from shufang.branches.calendar import calendars
from shufang.branches.models import Branch
from shufang.branches.open_days import OpenDays
from shufang.catalogue.models import ItemKind
from shufang.circulation.models import Agreement, Limit, Policy, RulesStamp
from shufang.circulation.rules.policy_choice import (
    AgreementTerms,
    LimitTerms,
    PolicyTerms,
    choose_agreement,
    choose_policy,
)
from shufang.patrons.models import CardKind


@dataclass(frozen=True, slots=True)
class BranchTerms:
    """What lending asks of a branch."""

    branch_id: int
    code: str
    library_id: int
    kind: str
    is_floating: bool
    shelf_days: int


@dataclass(frozen=True, slots=True)
class CardKindTerms:
    """What lending asks of a card kind."""

    card_kind_id: int
    can_borrow: bool
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ItemKindTerms:
    """What lending asks of an item kind; `group_id` is what limits count by."""

    group_id: int
    is_for_loan: bool
    least_age: int | None


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules at one moment. `stamp` None: they cannot be recognised again and are not kept."""

    stamp: int | None
    policies: dict[int, PolicyTerms]
    agreements: tuple[AgreementTerms, ...]
    limits: dict[int, tuple[LimitTerms, ...]]
    card_kinds: dict[int, CardKindTerms]
    item_kinds: dict[int, ItemKindTerms]
    branches: dict[int, BranchTerms]
    calendars: dict[int, OpenDays]
    _chosen: dict[tuple[int, int, int | None, date], PolicyTerms | None] = field(default_factory=dict)

    def policy(self, library_id: int, card_kind_id: int, item_kind_id: int | None, day: date) -> PolicyTerms | None:
        """Return the owning library's policy on a day; `item_kind_id` None: for no kind in particular."""
        key = (library_id, card_kind_id, item_kind_id, day)
        if key not in self._chosen:
            self._chosen[key] = choose_policy(self.policies.values(), library_id, card_kind_id, item_kind_id, day)
        return self._chosen[key]

    def agreement(self, owner_id: int, at_library_id: int, day: date) -> AgreementTerms | None:
        """Return the agreement of an owner about another library's branches on a day."""
        return choose_agreement(self.agreements, owner_id, at_library_id, day)

    def limits_of(self, card_kind_id: int) -> tuple[LimitTerms, ...]:
        """Return the limits of a card kind."""
        return self.limits.get(card_kind_id, ())

    def is_open(self, branch_id: int) -> Callable[[date], bool]:
        """Return the question whether a branch is open on a day."""
        return self.calendars[branch_id].is_open


class _Kept:
    """The rules that this process loaded last; replaced as a whole, so that threads never see halves."""

    rules: Rules | None = None


def in_force(stamp: int | None) -> Rules:
    """Return the rules of a stamp that was just read from the database; loads them when they are not at hand."""
    kept = _Kept.rules
    if kept is not None and stamp is not None and kept.stamp == stamp:
        return kept
    rules = load(stamp)
    if stamp is not None:
        _Kept.rules = rules
    return rules


def now_in_force() -> Rules:
    """Return the rules as they are now. One query when nothing has changed."""
    return in_force(RulesStamp.objects.values_list("stamp", flat=True).first())


def load(stamp: int | None) -> Rules:
    """Read all rules. Eight queries."""
    branches = list(Branch.objects.all())
    limits: dict[int, list[LimitTerms]] = {}
    for limit in Limit.objects.select_related("group").order_by("card_kind", "id"):
        name, name_en = (limit.group.name, limit.group.name_en) if limit.group else ("", "")
        terms = LimitTerms(limit.card_kind_id, limit.group_id, limit.counts, limit.most, name, name_en)
        limits.setdefault(limit.card_kind_id, []).append(terms)
    return Rules(
        stamp=stamp,
        policies={policy.pk: policy_terms(policy) for policy in Policy.objects.all()},
        agreements=tuple(
            AgreementTerms(row.owner_id, row.at_library_id, row.valid_from, row.lends, row.returns)
            for row in Agreement.objects.all()
        ),
        limits={card_kind_id: tuple(terms) for card_kind_id, terms in limits.items()},
        card_kinds={
            kind.pk: CardKindTerms(kind.pk, kind.can_borrow, kind.code, kind.name, kind.name_en)
            for kind in CardKind.objects.all()
        },
        item_kinds={
            kind.pk: ItemKindTerms(kind.group_id, kind.is_for_loan, kind.least_age) for kind in ItemKind.objects.all()
        },
        branches={
            branch.pk: BranchTerms(
                branch.pk, branch.code, branch.library_id, branch.kind, branch.is_floating, branch.shelf_days
            )
            for branch in branches
        },
        calendars=calendars(branches),
    )


def policy_terms(policy: Policy) -> PolicyTerms:
    """Return a policy's row as the rules see it."""
    return PolicyTerms(
        policy_id=policy.pk,
        library_id=policy.library_id,
        card_kind_id=policy.card_kind_id,
        item_kind_id=policy.item_kind_id,
        valid_from=policy.valid_from,
        is_for_loan=policy.is_for_loan,
        loan_days=policy.loan_days,
        renewals=policy.renewals,
        renewal_days=policy.renewal_days,
        overdue_a_day=policy.overdue_a_day,
        overdue_cap=policy.overdue_cap,
        grace_days=policy.grace_days,
        counts_closed_days=policy.counts_closed_days,
        charges_limit=policy.charges_limit,
        overdue_refuses=policy.overdue_refuses,
        renews_when_held=policy.renews_when_held,
        renews_when_overdue=policy.renews_when_overdue,
        relends_unattended=policy.relends_unattended,
        lost_refunds_days=policy.lost_refunds_days,
        damage_claim_days=policy.damage_claim_days,
        can_be_held=policy.can_be_held,
        lends_held_titles=policy.lends_held_titles,
    )
