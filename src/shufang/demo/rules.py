"""The demonstration's lending rules, all of them data: card kinds with limits, policies, agreements. Beijing's kinds."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shufang.branches.models import Library
from shufang.catalogue.models import ItemGroup
from shufang.circulation.models import Agreement, Limit, Policy
from shufang.patrons.models import CardKind

VALID_FROM = date(2015, 1, 1)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One card kind: `loans` in all, `groups` within that, `holds` in all; deposit in yuan."""

    code: str
    name: str
    name_en: str
    deposit: int
    loans: int
    holds: int
    groups: dict[str, int] = field(default_factory=dict)
    least_age: int | None = None
    most_age: int | None = None
    valid_days: int | None = None


CARD_KINDS = (
    _Kind("A", "A 类读览卡", "A: reading only", 0, 0, 0),
    _Kind("B", "B 类借书卡", "B: 5 books", 50, 5, 5, {"books": 5, "periodicals": 0, "foreign": 0}, least_age=14),
    _Kind(
        "C", "C 类借书卡", "C: 10 books, 5 periodicals", 100, 15, 10, {"books": 10, "periodicals": 5, "foreign": 0}, 14
    ),
    _Kind(
        "D", "D 类借书卡", "D: 15 books, 5 periodicals", 200, 20, 10, {"books": 15, "periodicals": 5, "foreign": 0}, 14
    ),
    _Kind(
        "E",
        "E 类借书卡",
        "E: 15 books, 5 periodicals, 2 foreign",
        500,
        22,
        10,
        {"books": 15, "periodicals": 5, "foreign": 2},
        14,
    ),
    _Kind("adult", "免押金成人卡", "Adult, no deposit", 0, 15, 10, {"periodicals": 5, "foreign": 2}, 14, None, 3653),
    _Kind("child", "少儿卡", "Child", 0, 15, 5, {"foreign": 2}, None, 15, 3653),
)


def card_kinds() -> dict[str, CardKind]:
    """Make the card kinds and their limits; the item groups stand already."""
    kinds = CardKind.objects.bulk_create(
        CardKind(
            code=kind.code,
            name=kind.name,
            name_en=kind.name_en,
            deposit=Decimal(kind.deposit),
            can_borrow=kind.loans > 0,
            is_child=kind.code == "child",
            least_age=kind.least_age,
            most_age=kind.most_age,
            valid_days=kind.valid_days,
        )
        for kind in CARD_KINDS
    )
    by_code = {row.code: row for row in kinds}
    groups = {row.code: row for row in ItemGroup.objects.all()}
    limits: list[Limit] = []
    for kind in CARD_KINDS:
        row = by_code[kind.code]
        limits.append(Limit(card_kind=row, counts="loans", most=kind.loans))
        limits.append(Limit(card_kind=row, counts="holds", most=kind.holds))
        limits += [Limit(card_kind=row, group=groups[code], most=most) for code, most in kind.groups.items()]
    Limit.objects.bulk_create(limits)
    return by_code


def policies(libraries: dict[str, Library], kinds: dict[str, CardKind]) -> None:
    """Make each library's rule for everybody and its rule for children: 42 days, one renewal of 28."""
    rows: list[Policy] = []
    for library in libraries.values():
        rows.append(_policy(library, None, overdue_a_day="0.20", overdue_cap="30.00"))
        rows.append(_policy(library, kinds["child"], overdue_a_day="0.10", overdue_cap="20.00"))
    Policy.objects.bulk_create(rows)


def _policy(library: Library, card_kind: CardKind | None, *, overdue_a_day: str, overdue_cap: str) -> Policy:
    return Policy(
        library=library,
        card_kind=card_kind,
        valid_from=VALID_FROM,
        loan_days=42,
        renewals=1,
        renewal_days=28,
        overdue_a_day=Decimal(overdue_a_day),
        overdue_cap=Decimal(overdue_cap),
        charges_limit=Decimal("30.00"),
        overdue_refuses=True,
        relends_unattended=False,
        lost_after_days=180,
        lost_fee=Decimal("5.00"),
        lost_default_price=Decimal("30.00"),
    )


def agreements(libraries: dict[str, Library]) -> None:
    """Let each library's items be lent and given back at the other's branches; a return is routed home."""
    Agreement.objects.bulk_create(
        Agreement(owner=owner, at_library=other, valid_from=VALID_FROM, returns=Agreement.Returns.ROUTE)
        for owner in libraries.values()
        for other in libraries.values()
        if owner != other
    )
