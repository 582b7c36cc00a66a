"""The pure rules of holds: who is served, how long an item waits, what a reader may expect."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from shufang.circulation.rules.holds import (
    Copy,
    Supply,
    Waiting,
    age_on,
    expected_on,
    first_served,
    is_needed,
    last_shelf_day,
    serves,
)
from shufang.circulation.rules.placing_hold import CardFacts, HoldFacts, identity_refusal, refuse_hold

TODAY = date(2026, 3, 4)
WAITING = Waiting(
    hold_id=1,
    queued_at=datetime(2026, 3, 1, tzinfo=UTC),
    volume="",
    wanted_item_id=None,
    pickup_branch_id=10,
    pickup_library_id=1,
    pickup_is_open=True,
    is_suspended=False,
    suspended_until=None,
    not_needed_after=None,
    card_kind_id=5,
    birth_date=date(2010, 3, 5),
    may_borrow=True,
)
COPY = Copy(
    item_id=7, volume="上", is_for_loan=True, least_age=None, lends_at=frozenset({1}), holdable_by=frozenset({5})
)


@pytest.mark.parametrize(
    ("copy", "hold", "served"),
    [
        (COPY, WAITING, True),
        (replace(COPY, is_for_loan=False), WAITING, False),
        (COPY, replace(WAITING, volume="上"), True),
        (COPY, replace(WAITING, volume="下"), False),
        (COPY, replace(WAITING, wanted_item_id=7), True),
        (COPY, replace(WAITING, wanted_item_id=8), False),
        (COPY, replace(WAITING, is_suspended=True), False),
        (COPY, replace(WAITING, is_suspended=True, suspended_until=TODAY), False),
        (COPY, replace(WAITING, is_suspended=True, suspended_until=TODAY - timedelta(days=1)), True),
        (COPY, replace(WAITING, may_borrow=False), False),
        (COPY, replace(WAITING, pickup_is_open=False), False),
        (COPY, replace(WAITING, pickup_library_id=2), False),
        (COPY, replace(WAITING, not_needed_after=TODAY), True),
        (COPY, replace(WAITING, not_needed_after=TODAY - timedelta(days=1)), False),
        (COPY, replace(WAITING, card_kind_id=6), False),
        (replace(COPY, least_age=15), WAITING, True),
        (replace(COPY, least_age=16), WAITING, False),
        (replace(COPY, least_age=6), replace(WAITING, birth_date=None), False),
    ],
)
def test_whom_a_copy_serves(copy: Copy, hold: Waiting, served: bool) -> None:
    assert serves(copy, hold, TODAY) is served


def test_first_of_the_queue_who_can_be_served() -> None:
    queue = [replace(WAITING, is_suspended=True), replace(WAITING, hold_id=2), replace(WAITING, hold_id=3)]
    found = first_served(queue, COPY, TODAY)
    assert found is not None
    assert found.hold_id == 2
    assert first_served([], COPY, TODAY) is None


def test_a_copy_is_needed_when_the_others_do_not_suffice() -> None:
    other, named = replace(COPY, item_id=8), replace(WAITING, hold_id=2, wanted_item_id=8)
    assert is_needed(COPY, [], [WAITING], TODAY)
    assert not is_needed(COPY, [other], [WAITING], TODAY)
    assert is_needed(COPY, [other], [WAITING, WAITING], TODAY)
    assert is_needed(COPY, [other], [WAITING, WAITING, WAITING], TODAY)
    assert is_needed(COPY, [other], [WAITING, named], TODAY)
    assert not is_needed(COPY, [other], [named], TODAY)
    assert not is_needed(COPY, [], [], TODAY)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2010, 3, 4), TODAY, 16),
        (date(2010, 3, 5), TODAY, 15),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
    ],
)
def test_age(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_shelf_days_are_open_days() -> None:
    assert last_shelf_day(TODAY, 3, lambda _: True) == date(2026, 3, 7)
    assert last_shelf_day(TODAY, 3, lambda day: day.isoweekday() not in {5, 6, 7}) == date(2026, 3, 10)
    assert last_shelf_day(TODAY, 3, lambda _: False) == date(2026, 3, 7)
    assert last_shelf_day(TODAY, 0, lambda _: True) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("supplies", "ahead", "expected"),
    [
        ((), 0, None),
        ((Supply(TODAY, travels=False, turn_days=45),), 0, TODAY),
        ((Supply(TODAY, travels=True, turn_days=45),), 0, TODAY + timedelta(days=2)),
        ((Supply(TODAY, travels=False, turn_days=45),), 2, TODAY + timedelta(days=90)),
        (
            (
                Supply(TODAY, travels=False, turn_days=45),
                Supply(TODAY + timedelta(days=10), travels=False, turn_days=45),
            ),
            1,
            TODAY + timedelta(days=10),
        ),
    ],
)
def test_expectation(supplies: tuple[Supply, ...], ahead: int, expected: date | None) -> None:
    assert expected_on(supplies, ahead) == expected


CARD = CardFacts(status="active", expires_on=TODAY, is_blocked=False, pin="right")
FACTS = HoldFacts(
    card=CARD,
    today=TODAY,
    can_borrow=True,
    card_kind_id=5,
    birth_date=date(2000, 1, 1),
    owed=Decimal("30.00"),
    charges_limit=Decimal("30.00"),
    copies=(COPY,),
    pickup_library_id=1,
    pickup_is_open=True,
    not_needed_after=None,
    has_hold=False,
    has_loan=False,
    limits=((4, 5),),
)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (FACTS, None),
        (replace(FACTS, card=replace(CARD, status="lost")), "card_lost"),
        (replace(FACTS, card=replace(CARD, status="issued")), "card_not_active"),
        (replace(FACTS, card=replace(CARD, status="replaced")), "card_replaced"),
        (replace(FACTS, card=replace(CARD, status="closed")), "card_closed"),
        (replace(FACTS, card=replace(CARD, status="expired")), "card_expired"),
        (replace(FACTS, card=replace(CARD, expires_on=TODAY - timedelta(days=1))), "card_expired"),
        (replace(FACTS, card=replace(CARD, is_blocked=True)), "patron_blocked"),
        (replace(FACTS, card=replace(CARD, pin="wrong")), "pin_wrong"),
        (replace(FACTS, card=replace(CARD, pin="locked")), "pin_locked"),
        (replace(FACTS, can_borrow=False), "reading_card"),
        (replace(FACTS, owed=Decimal("30.01")), "charges_above_limit"),
        (replace(FACTS, pickup_is_open=False), "pickup_not_here"),
        (replace(FACTS, not_needed_after=TODAY - timedelta(days=1)), "date_in_the_past"),
        (replace(FACTS, has_hold=True), "hold_exists"),
        (replace(FACTS, has_loan=True), "already_on_loan"),
        (replace(FACTS, copies=()), "hold_not_allowed"),
        (replace(FACTS, card_kind_id=6), "hold_not_allowed"),
        (replace(FACTS, pickup_library_id=2), "hold_not_allowed"),
        (replace(FACTS, copies=(replace(COPY, least_age=18),), birth_date=date(2010, 1, 1)), "too_young"),
        (replace(FACTS, copies=(replace(COPY, least_age=18),), birth_date=None), "too_young"),
        (replace(FACTS, copies=(replace(COPY, least_age=18), COPY), birth_date=None), None),
        (replace(FACTS, limits=((1, 5), (2, 2))), "hold_limit_reached"),
    ],
)
def test_refusals(facts: HoldFacts, code: str | None) -> None:
    refusal = refuse_hold(facts)
    assert (refusal.code if refusal else None) == code


def test_an_expired_card_may_give_a_hold_up_and_a_lost_one_may_not() -> None:
    assert identity_refusal(replace(CARD, status="expired", is_blocked=True)) is None
    lost = identity_refusal(replace(CARD, status="lost"))
    assert lost is not None
    assert lost.code == "card_lost"
