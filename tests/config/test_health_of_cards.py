"""The health page's line about joint cards: kept here, at the centre, away, in conflict, numbers running out."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings

from shufang.config.health_checks import check_cards
from shufang.demo.network import lay_out
from shufang.registration.authority.conflicts import put_before_staff
from shufang.registration.city_cards.read_changes import read_changes
from shufang.registration.models import NumberRange
from shufang.web.health import State
from tests.registration.centre import AWAY, running_centre
from tests.registration.machine import NOW, Machine
from tests.registration.test_card_authority import later

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    lay_out(NOW)
    with translation.override("en"):
        yield


def test_a_local_register() -> None:
    check = check_cards(NOW)
    assert (check.state, check.sentence) == (State.WELL, "The register of cards is kept here")


def test_numbers_that_run_out() -> None:
    NumberRange.objects.update(next_number=5_099_950)
    check = check_cards(NOW)
    assert (check.state, check.sentence) == (State.LOOK, "Few card numbers are left: DX. Add a range.")


def test_the_centre_that_goes_and_comes_back(settings: Settings) -> None:
    with running_centre(settings) as centre:
        read_changes(NOW)
        assert check_cards(later(1)).sentence == "The card centre answers"
        centre.mode = AWAY
        Machine().card()
        read_changes(later(2))
        check = check_cards(later(32))
        assert check.state is State.LOOK
        assert check.sentence.replace("\xa0", " ") == (
            "The card centre has been away for 30 minutes. Known cards go on; 1 thing waits to be told."
        )
        assert (check.figures["waiting"], check.figures["age_seconds"]) == (1, 32 * 60)


def test_a_conflict_is_told(settings: Settings) -> None:
    with running_centre(settings):
        read_changes(NOW)
        put_before_staff("patron_has_card", "D1", NOW)
        check = check_cards(later(1))
        assert (check.state, check.figures["conflicts"]) == (State.LOOK, 1)
