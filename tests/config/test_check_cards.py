"""Numbers given are on cards, and whoever got his card at a machine agreed to its terms: each rule is seen when broken."""

from datetime import UTC, datetime

import pytest

from shufang.branches.models import Library
from shufang.config.invariants.running import run_all
from shufang.demo import network
from shufang.registration.get_card.make_card import CardMade, MakeCard, make_card
from shufang.registration.models import NumberRange, TermsAgreed
from tests.registration.machine import NOW, Machine

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {found.invariant.name for found in run_all() if found.violations}


@pytest.fixture
def machine() -> Machine:
    network.lay_out(datetime(2026, 1, 1, tzinfo=UTC))
    return Machine()


def test_a_card_made_at_a_machine_keeps_every_rule(machine: Machine) -> None:
    machine.card()
    assert broken() == set()


def test_a_number_lost_in_silence_is_found(machine: Machine) -> None:
    machine.card()
    NumberRange.objects.update(next_number=5_000_003)
    assert broken() == {"number_given_is_on_a_card"}


def test_a_range_that_is_used_up_to_its_last_number_keeps_the_rule(machine: Machine) -> None:
    library = Library.objects.get(code="DX")
    NumberRange.objects.all().delete()
    NumberRange.objects.create(library=library, prefix="ZZZZ", width=1, first=9, last=9, next_number=9)
    application_id = machine.ready()
    assert isinstance(make_card(MakeCard(application_id), NOW), CardMade)
    assert broken() == set()


def test_a_card_without_agreement_is_found(machine: Machine) -> None:
    machine.card()
    TermsAgreed.objects.all().delete()
    assert broken() == {"card_at_a_machine_has_its_terms"}
