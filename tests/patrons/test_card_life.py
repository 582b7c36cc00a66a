"""The transition table of cards, and why a card does not lend."""

from datetime import date

import pytest

from shufang.patrons.card_life import TRANSITIONS, card_refusal, is_expired, may_become, transition_refusal
from shufang.patrons.models import Card

S = Card.Status
TODAY = date(2026, 3, 2)


def test_every_status_stands_in_the_table() -> None:
    assert set(TRANSITIONS) == set(S)


def test_replaced_and_closed_are_the_end() -> None:
    assert [old for old in S if not TRANSITIONS[old]] == [S.REPLACED, S.CLOSED]
    assert not any(may_become(old, S.ISSUED) for old in S)


def test_a_found_card_and_a_renewed_one_live_again() -> None:
    assert {old for old in S if may_become(old, S.ACTIVE)} == {S.ISSUED, S.LOST, S.EXPIRED}


@pytest.mark.parametrize(
    ("status", "expires_on", "code"),
    [
        (S.ACTIVE, None, None),
        (S.ACTIVE, TODAY, None),
        (S.ACTIVE, date(2026, 3, 1), "card_expired"),
        (S.EXPIRED, date(2030, 1, 1), "card_expired"),
        (S.ISSUED, None, "card_not_active"),
        (S.LOST, date(2020, 1, 1), "card_lost"),
        (S.REPLACED, None, "card_replaced"),
        (S.CLOSED, None, "card_closed"),
    ],
)
def test_why_a_card_does_not_lend(status: Card.Status, expires_on: date | None, code: str | None) -> None:
    refusal = card_refusal(Card(status=status, expires_on=expires_on), TODAY)
    assert (refusal.code if refusal else None) == code
    assert is_expired(Card(status=status, expires_on=expires_on), TODAY) == (
        status == S.EXPIRED or expires_on in {date(2026, 3, 1), date(2020, 1, 1)}
    )


def test_a_step_that_the_table_does_not_have_is_refused() -> None:
    refusal = transition_refusal(Card(status=S.CLOSED), S.ACTIVE)
    assert refusal is not None
    assert refusal.code == "card_closed"
    assert transition_refusal(Card(status=S.ISSUED), S.ACTIVE) is None
    again = transition_refusal(Card(status=S.ACTIVE), S.ACTIVE)
    assert again is not None
    assert again.code == "card_is_active"
