"""The pure rules, as tables; no database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from shufang.branches.open_days import OpenDays, SpecialDays, is_public_holiday, next_open_day, overdue_days
from shufang.circulation.rules import checkin as returning
from shufang.circulation.rules import checkout, renew
from shufang.circulation.rules.card import ShownCard
from shufang.circulation.rules.checkin import ReturnFacts
from shufang.circulation.rules.due_dates import due_day, end_of_day
from shufang.circulation.rules.lending import Copy, Holds, LendingFacts, OpenLoan, Standing
from shufang.circulation.rules.overdue import overdue_charge
from shufang.circulation.rules.policy_choice import (
    AgreementTerms,
    LimitTerms,
    PolicyTerms,
    choose_agreement,
    choose_policy,
)
from shufang.circulation.rules.standing import StandingFacts, privileges, standing_refusals

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
ZONE = ZoneInfo("Asia/Shanghai")
POLICY = PolicyTerms(
    policy_id=1,
    library_id=None,
    card_kind_id=None,
    item_kind_id=None,
    valid_from=date(2020, 1, 1),
    is_for_loan=True,
    loan_days=42,
    renewals=1,
    renewal_days=28,
    overdue_a_day=Decimal("0.20"),
    overdue_cap=Decimal("30.00"),
    grace_days=0,
    counts_closed_days=True,
    charges_limit=Decimal("30.00"),
    overdue_refuses=True,
    renews_when_held=False,
    renews_when_overdue=True,
    relends_unattended=False,
    lost_refunds_days=180,
    damage_claim_days=0,
)
CARD = ShownCard(
    patron_id=7, status="active", expires_on=None, kind_id=3, birth_date=date(1990, 5, 17), is_blocked=False
)
COPY = Copy(
    item_id=11,
    title_id=12,
    library_id=1,
    kind_id=4,
    group_id=5,
    status="available",
    is_for_loan=True,
    least_age=None,
    title="三体",
    material="book",
)
LOAN = OpenLoan(
    loan_id=21,
    patron_id=7,
    due_at=datetime(2026, 3, 20, 15, 59, 59, tzinfo=UTC),
    renewals=0,
    status="open",
    policy_id=1,
    calendar_branch_id=9,
    borrowed_at=datetime(2026, 2, 6, 12, tzinfo=UTC),
    card_kind_id=3,
)
AGREEMENT = AgreementTerms(2, 1, date(2020, 1, 1), lends=True, returns="route")
FACTS = LendingFacts(
    card=CARD,
    copy=COPY,
    loan=None,
    standing=Standing(0, 0, has_overdue=False, owed=Decimal("0.00")),
    holds=Holds(),
    policy=POLICY,
    agreement=None,
    limits=(LimitTerms(3, None, "loans", 15), LimitTerms(3, 5, "loans", 2, "外文图书", "Foreign books")),
    can_borrow=True,
    library_id=1,
    is_machine=True,
    pin="not_asked",
    today=TODAY,
    zone=ZONE,
    newest_event_at=None,
    is_open=lambda _: True,
)
OTHER = replace(LOAN, patron_id=8)
Change = Callable[[LendingFacts], LendingFacts]

CHECKOUT_REFUSALS: list[tuple[str, Change]] = [
    ("clock_behind", lambda f: replace(f, newest_event_at=NOW + timedelta(minutes=1))),
    ("card_lost", lambda f: replace(f, card=replace(CARD, status="lost"))),
    ("card_replaced", lambda f: replace(f, card=replace(CARD, status="replaced"))),
    ("card_closed", lambda f: replace(f, card=replace(CARD, status="closed"))),
    ("card_not_active", lambda f: replace(f, card=replace(CARD, status="issued"))),
    ("card_expired", lambda f: replace(f, card=replace(CARD, status="expired"))),
    ("card_expired", lambda f: replace(f, card=replace(CARD, expires_on=TODAY - timedelta(days=1)))),
    ("patron_blocked", lambda f: replace(f, card=replace(CARD, is_blocked=True))),
    ("pin_wrong", lambda f: replace(f, pin="wrong")),
    ("pin_locked", lambda f: replace(f, pin="locked")),
    ("item_withdrawn", lambda f: replace(f, copy=replace(COPY, status="withdrawn"))),
    ("on_loan_to_another", lambda f: replace(f, loan=OTHER)),
    ("item_missing", lambda f: replace(f, copy=replace(COPY, status="missing"))),
    ("item_missing", lambda f: replace(f, copy=replace(COPY, status="lost"))),
    ("item_damaged", lambda f: replace(f, copy=replace(COPY, status="damaged"))),
    ("item_in_process", lambda f: replace(f, copy=replace(COPY, status="in_process"))),
    ("item_on_order", lambda f: replace(f, copy=replace(COPY, status="on_order"))),
    ("item_not_for_loan", lambda f: replace(f, copy=replace(COPY, is_for_loan=False))),
    ("item_not_for_loan", lambda f: replace(f, policy=replace(POLICY, is_for_loan=False))),
    ("not_lent_here", lambda f: replace(f, library_id=2)),
    ("not_lent_here", lambda f: replace(f, library_id=2, agreement=replace(AGREEMENT, lends=False))),
    ("no_policy", lambda f: replace(f, policy=None)),
    ("held_for_another", lambda f: replace(f, holds=Holds(assigned_id=1, assigned_to=8))),
    (
        "held_for_another",
        lambda f: replace(f, loan=OTHER, policy=replace(POLICY, relends_unattended=True), holds=Holds(waits_for=5)),
    ),
    ("held_for_another", lambda f: replace(f, holds=Holds(waits_for=5, is_needed=True))),
    ("reading_card", lambda f: replace(f, can_borrow=False)),
    (
        "too_young",
        lambda f: replace(f, copy=replace(COPY, least_age=14), card=replace(CARD, birth_date=date(2012, 3, 5))),
    ),
    ("too_young", lambda f: replace(f, copy=replace(COPY, least_age=14), card=replace(CARD, birth_date=None))),
    ("charges_above_limit", lambda f: replace(f, standing=replace(f.standing, owed=Decimal("30.01")))),
    ("overdue_item_out", lambda f: replace(f, standing=replace(f.standing, has_overdue=True))),
    ("limit_reached", lambda f: replace(f, standing=replace(f.standing, loans=15))),
    ("group_limit_reached", lambda f: replace(f, standing=replace(f.standing, loans=2, loans_of_group=2))),
]


# Scenario 13
@pytest.mark.parametrize(("code", "change"), CHECKOUT_REFUSALS)
def test_checkout_refuses(code: str, change: Change) -> None:
    assert [refusal.code for refusal in checkout.refusals(change(FACTS), NOW)] == [code]


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f,
        lambda f: replace(f, newest_event_at=NOW + timedelta(seconds=29)),
        lambda f: replace(f, card=replace(CARD, expires_on=TODAY)),
        lambda f: replace(f, pin="right"),
        lambda f: replace(f, library_id=2, agreement=AGREEMENT),
        lambda f: replace(f, holds=Holds(assigned_id=1, assigned_to=7, own=((1, 11),))),
        lambda f: replace(f, holds=Holds(waits_for=5)),
        lambda f: replace(f, holds=Holds(is_needed=True), policy=replace(POLICY, lends_held_titles=True)),
        lambda f: replace(f, copy=replace(COPY, least_age=14), card=replace(CARD, birth_date=date(2012, 3, 4))),
        lambda f: replace(f, standing=Standing(14, 1, has_overdue=False, owed=Decimal("30.00"))),
        lambda f: replace(
            f, policy=replace(POLICY, charges_limit=None), standing=replace(f.standing, owed=Decimal(900))
        ),
        lambda f: replace(
            f, policy=replace(POLICY, overdue_refuses=False), standing=replace(f.standing, has_overdue=True)
        ),
        lambda f: replace(f, loan=OTHER, policy=replace(POLICY, relends_unattended=True)),
        *(
            lambda f, status=status: replace(f, copy=replace(COPY, status=status))
            for status in ("to_be_shelved", "in_transit")
        ),
    ],
)
def test_checkout_lends(change: Change) -> None:
    assert list(checkout.refusals(change(FACTS), NOW)) == []


def test_an_attended_machine_does_not_relend() -> None:
    facts = replace(FACTS, loan=OTHER, policy=replace(POLICY, relends_unattended=True), is_machine=False)
    assert [refusal.code for refusal in checkout.refusals(facts, NOW)] == ["on_loan_to_another"]


def test_staff_see_every_refusal_in_order() -> None:
    facts = replace(
        FACTS,
        card=replace(CARD, status="lost", is_blocked=True),
        copy=replace(COPY, status="damaged"),
        standing=Standing(15, 2, has_overdue=True, owed=Decimal(99)),
    )
    assert [refusal.code for refusal in checkout.refusals(facts, NOW)] == [
        "card_lost",
        "patron_blocked",
        "item_damaged",
        "charges_above_limit",
        "overdue_item_out",
        "limit_reached",
        "group_limit_reached",
    ]


HELD = replace(FACTS, loan=LOAN, copy=replace(COPY, status="on_loan"))
RENEW_REFUSALS: list[tuple[str, Change]] = [
    ("clock_behind", lambda f: replace(f, newest_event_at=NOW + timedelta(minutes=1))),
    ("card_lost", lambda f: replace(f, card=replace(CARD, status="lost"))),
    ("card_expired", lambda f: replace(f, card=replace(CARD, expires_on=TODAY - timedelta(days=1)))),
    ("patron_blocked", lambda f: replace(f, card=replace(CARD, is_blocked=True))),
    ("pin_wrong", lambda f: replace(f, pin="wrong")),
    ("not_on_loan", lambda f: replace(f, loan=None)),
    ("not_on_loan", lambda f: replace(f, loan=OTHER)),
    ("loan_lost", lambda f: replace(f, loan=replace(LOAN, status="lost"))),
    ("loan_claimed", lambda f: replace(f, loan=replace(LOAN, status="claimed_returned"))),
    ("no_policy", lambda f: replace(f, policy=None)),
    ("renewals_used_up", lambda f: replace(f, loan=replace(LOAN, renewals=1))),
    (
        "overdue_not_renewable",
        lambda f: replace(
            f,
            loan=replace(LOAN, due_at=NOW - timedelta(days=1)),
            policy=replace(POLICY, renews_when_overdue=False),
        ),
    ),
    ("hold_waiting", lambda f: replace(f, holds=Holds(waits_for=5))),
    ("charges_above_limit", lambda f: replace(f, standing=replace(f.standing, owed=Decimal(31)))),
]


@pytest.mark.parametrize(("code", "change"), RENEW_REFUSALS)
def test_renewal_refuses(code: str, change: Change) -> None:
    assert [refusal.code for refusal in renew.refusals(change(HELD), NOW)] == [code]


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f,
        lambda f: replace(f, loan=replace(LOAN, due_at=NOW - timedelta(days=1))),
        lambda f: replace(f, holds=Holds(waits_for=5), policy=replace(POLICY, renews_when_held=True)),
        lambda f: replace(f, standing=Standing(15, 15, has_overdue=True, owed=Decimal(30))),
    ],
)
def test_renewal_is_granted(change: Change) -> None:
    assert list(renew.refusals(change(HELD), NOW)) == []


def test_a_renewal_counts_from_the_due_day_and_after_it_from_today() -> None:
    early = renew.renewed_due_at(HELD, LOAN, POLICY)
    assert early == end_of_day(date(2026, 3, 20) + timedelta(days=28), ZONE)
    late = replace(LOAN, due_at=NOW - timedelta(days=3))
    assert renew.renewed_due_at(replace(HELD, loan=late), late, POLICY) == end_of_day(TODAY + timedelta(days=28), ZONE)


def _row(
    policy_id: int, library: int | None, card: int | None, item: int | None, valid_from: date = date(2020, 1, 1)
) -> PolicyTerms:
    return replace(
        POLICY, policy_id=policy_id, library_id=library, card_kind_id=card, item_kind_id=item, valid_from=valid_from
    )


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        ([_row(1, None, None, None)], 1),
        ([_row(1, None, 3, 4), _row(2, 1, None, None)], 2),
        ([_row(1, None, None, 4), _row(2, None, 3, None)], 2),
        ([_row(1, None, None, None), _row(2, None, None, 4)], 2),
        ([_row(1, 1, None, 4), _row(2, 1, 3, None)], 2),
        ([_row(1, 1, None, None), _row(2, 1, None, None, date(2026, 3, 4))], 2),
        ([_row(1, 1, None, None), _row(2, 1, None, None, date(2026, 3, 5))], 1),
        ([_row(1, 2, None, None), _row(2, None, 9, None), _row(3, None, None, 9)], None),
        ([], None),
    ],
)
def test_the_library_beats_the_card_kind_beats_the_item_kind_beats_the_newest(
    rows: list[PolicyTerms], chosen: int | None
) -> None:
    for order in (rows, rows[::-1]):
        found = choose_policy(order, 1, 3, 4, TODAY)
        assert (found.policy_id if found else None) == chosen


def test_the_newest_agreement_that_is_valid_holds() -> None:
    rows = [replace(AGREEMENT, valid_from=date(2026, 3, day), lends=day == 4) for day in (1, 4, 5)]
    found = choose_agreement(rows, 2, 1, TODAY)
    assert found is not None
    assert found.lends
    assert choose_agreement(rows, 1, 2, TODAY) is None


@pytest.mark.parametrize(
    ("returned", "policy", "charge"),
    [
        (TODAY, POLICY, "0.00"),
        (TODAY + timedelta(days=1), POLICY, "0.20"),
        (TODAY + timedelta(days=10), POLICY, "2.00"),
        (TODAY + timedelta(days=10), replace(POLICY, grace_days=3), "1.40"),
        (TODAY + timedelta(days=3), replace(POLICY, grace_days=3), "0.00"),
        (TODAY + timedelta(days=400), POLICY, "30.00"),
        (TODAY + timedelta(days=400), replace(POLICY, overdue_cap=Decimal(0)), "0.00"),
        (TODAY + timedelta(days=14), replace(POLICY, counts_closed_days=False), "2.40"),
    ],
)
def test_overdue_charge(returned: date, policy: PolicyTerms, charge: str) -> None:
    closed_on_mondays = OpenDays(closed_weekdays=frozenset({1})).is_open
    assert overdue_charge(policy, TODAY, returned, closed_on_mondays) == Decimal(charge)


def test_a_loan_never_costs_more_than_the_cap_over_its_renewals() -> None:
    late = TODAY + timedelta(days=400)
    assert overdue_charge(POLICY, TODAY, late, lambda _: True, Decimal("29.50")) == Decimal("0.50")
    assert overdue_charge(POLICY, TODAY, late, lambda _: True, Decimal("30.00")) == 0


CALENDARS = [
    (OpenDays(), date(2026, 2, 17), True),
    (OpenDays(closed_on_holidays=True), date(2026, 2, 17), False),
    (OpenDays(closed_on_holidays=True), date(2026, 2, 14), True),
    (OpenDays(closed_on_holidays=True), date(2027, 10, 1), False),
    (OpenDays(closed_on_holidays=True), date(2027, 2, 6), True),
    (OpenDays(closed_weekdays=frozenset({1})), date(2026, 3, 2), False),
    (OpenDays(closed_weekdays=frozenset({1})), date(2026, 3, 3), True),
    (OpenDays(always_open=True, closed_weekdays=frozenset({1}), closed_on_holidays=True), date(2026, 2, 16), True),
    (OpenDays(always_open=True, exceptions=(SpecialDays(TODAY, TODAY, is_open=False),)), TODAY, False),
    (
        OpenDays(
            exceptions=(
                SpecialDays(TODAY, TODAY, is_open=True),
                SpecialDays(TODAY - timedelta(days=9), TODAY + timedelta(days=9), is_open=False),
            )
        ),
        TODAY,
        True,
    ),
]


@pytest.mark.parametrize(("calendar", "day", "is_open"), CALENDARS)
def test_open_days(calendar: OpenDays, day: date, is_open: bool) -> None:
    assert calendar.is_open(day) is is_open


def test_a_swapped_working_saturday_is_no_holiday_and_a_weekend_alone_neither() -> None:
    assert not is_public_holiday(date(2026, 2, 14))
    assert not is_public_holiday(date(2026, 3, 7))
    assert is_public_holiday(date(2026, 10, 1))


def test_due_dates_move_to_an_open_day() -> None:
    closed = SpecialDays(date(2026, 4, 15), date(2026, 4, 17), is_open=False)
    calendar = OpenDays(closed_weekdays=frozenset({6}), exceptions=(closed,))
    assert due_day(TODAY, 42, calendar.is_open) == date(2026, 4, 19)
    assert end_of_day(date(2026, 4, 19), ZONE) == datetime(2026, 4, 19, 15, 59, 59, tzinfo=UTC)


def test_a_branch_closed_for_a_year_moves_nothing() -> None:
    assert next_open_day(TODAY, lambda _: False) == TODAY
    assert overdue_days(TODAY, TODAY + timedelta(days=9), lambda _: False, counts_closed_days=False) == 0


RETURN = ReturnFacts(
    library_id=1,
    home_branch_id=9,
    is_floating=False,
    branch_id=8,
    at_library_id=1,
    branch_is_floating=False,
    agreement=None,
    borrowed_at=NOW - timedelta(days=3),
    returned_at=NOW,
    is_staff=True,
    is_travelling=False,
)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (RETURN, []),
        (replace(RETURN, at_library_id=2), ["return_not_accepted"]),
        (replace(RETURN, at_library_id=2, agreement=replace(AGREEMENT, returns="refuse")), ["return_not_accepted"]),
        (replace(RETURN, at_library_id=2, agreement=replace(AGREEMENT, returns="keep")), []),
        (replace(RETURN, at_library_id=2, is_travelling=True), []),
        (replace(RETURN, returned_at=NOW + timedelta(seconds=1)), ["return_in_the_future"]),
        (replace(RETURN, returned_at=NOW - timedelta(days=4)), ["return_before_loan"]),
        (replace(RETURN, returned_at=NOW + timedelta(days=1), is_staff=False), []),
    ],
)
def test_returns_are_refused(facts: ReturnFacts, codes: list[str]) -> None:
    assert [refusal.code for refusal in returning.refusals(facts, NOW)] == codes


def test_a_machines_clock_is_kept_between_the_loan_and_now() -> None:
    machine = replace(RETURN, is_staff=False)
    assert returning.returned_at(replace(machine, returned_at=NOW + timedelta(days=1)), NOW) == NOW
    assert returning.returned_at(replace(machine, returned_at=NOW - timedelta(days=9)), NOW) == RETURN.borrowed_at


@pytest.mark.parametrize(
    ("facts", "stays"),
    [
        (RETURN, False),
        (replace(RETURN, branch_id=9), True),
        (replace(RETURN, is_floating=True), True),
        (replace(RETURN, branch_is_floating=True), True),
        (replace(RETURN, at_library_id=2, is_floating=True, agreement=AGREEMENT), False),
        (replace(RETURN, at_library_id=2, agreement=replace(AGREEMENT, returns="keep")), True),
    ],
)
def test_where_an_item_stays(facts: ReturnFacts, stays: bool) -> None:
    assert returning.stays_here(facts) is stays


STANDING = StandingFacts(
    card=CARD,
    today=TODAY,
    pin="right",
    can_borrow=True,
    limits=(LimitTerms(3, None, "loans", 15), LimitTerms(3, None, "holds", 5)),
    loans=0,
    holds=0,
    overdue=0,
    lost=0,
    owed=Decimal(0),
    owed_overdue=Decimal(0),
    policy=POLICY,
)


@pytest.mark.parametrize(
    ("facts", "flags", "codes"),
    [
        (STANDING, set(), []),
        (replace(STANDING, pin="wrong"), set(), ["pin_wrong"]),
        (
            replace(STANDING, card=replace(CARD, status="lost")),
            {"charge_denied", "renewal_denied", "recall_denied", "hold_denied", "card_lost"},
            ["card_lost"],
        ),
        (replace(STANDING, can_borrow=False), {"charge_denied", "hold_denied"}, ["reading_card"]),
        (replace(STANDING, loans=15), {"charge_denied", "too_many_charged"}, ["limit_reached"]),
        (replace(STANDING, holds=5), {"hold_denied"}, []),
        (replace(STANDING, overdue=1), {"charge_denied", "too_many_overdue"}, ["overdue_item_out"]),
        (
            replace(STANDING, owed=Decimal(35), owed_overdue=Decimal(5)),
            {"charge_denied", "renewal_denied", "hold_denied", "excessive_fines", "excessive_fees"},
            ["charges_above_limit"],
        ),
        (replace(STANDING, owed=Decimal(30), owed_overdue=Decimal(30)), set(), []),
    ],
)
def test_privileges(facts: StandingFacts, flags: set[str], codes: list[str]) -> None:
    told = privileges(facts)
    assert {name for name in told.__slots__ if getattr(told, name)} == flags
    assert [refusal.code for refusal in standing_refusals(facts)] == codes
