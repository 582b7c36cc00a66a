"""Many machines at once, with real threads on the engine of the run, and a machine that is killed in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from shufang.demo import network
from shufang.jobs import finish_cards
from shufang.kernel.refusal import Refusal
from shufang.money.deposits import PayDeposit, pay_deposit
from shufang.patrons.models import Card, Guardianship, Patron
from shufang.registration.get_card.choose_pin import ChoosePin, choose_pin
from shufang.registration.get_card.finish_card import CardFinished, FinishCard, finish_card
from shufang.registration.get_card.give_up import GivenUp, GiveUp, Left, give_up
from shufang.registration.get_card.make_card import CardMade, MakeCard, make_card
from shufang.registration.get_card.name_guardian import NameGuardian, name_guardian
from shufang.registration.models import Application, NumberRange
from tests.circulation.test_races import at_once
from tests.registration.machine import BOY, LIN, MOTHER, NOW, Machine, document

pytestmark = pytest.mark.django_db(transaction=True)
MACHINES = ("gmd-1", "gmd-2", "gmd-gbk", "dx-1")


@pytest.fixture
def machines() -> list[Machine]:
    network.lay_out(NOW)
    return [Machine(account) for account in MACHINES]


def test_one_person_at_every_machine_gets_one_card(machines: list[Machine]) -> None:
    ready = [machine.ready(LIN) for machine in machines]
    done = at_once(lambda place: make_card(MakeCard(ready[place]), NOW), len(machines))
    assert [type(one) for one in done].count(CardMade) == 1
    assert {one.code for one in done if isinstance(one, Refusal)} == {"patron_has_card"}
    assert (Card.objects.count(), Patron.objects.count()) == (1, 1)
    assert NumberRange.objects.get().next_number == 5_000_002


def test_one_application_asked_for_many_times_at_once_makes_one_card(machines: list[Machine]) -> None:
    application_id = machines[0].ready()
    done = at_once(lambda _: make_card(MakeCard(application_id), NOW), 6)
    assert len(set(done)) == 1
    assert Card.objects.count() == 1


def test_two_children_of_an_adult_without_a_card_at_the_same_moment(machines: list[Machine]) -> None:
    """Her record is made once, though two machines make it at the same moment."""
    girl = document("林小雪", date(2016, 1, 9), 8)
    ready = []
    for machine, child in zip(machines, (BOY, girl), strict=False):
        begun = machine.begin(child)
        assert not isinstance(
            name_guardian(NameGuardian(begun.application_id, "mother", document=MOTHER), NOW), Refusal
        )
        machine.agree(begun.application_id)
        machine.choose(begun.application_id, "child")
        ready.append(begun.application_id)
    for application_id in ready:
        choose_pin(ChoosePin(application_id, "246813", "246813"), NOW)
    done = at_once(lambda place: make_card(MakeCard(ready[place]), NOW), 2)
    assert [type(one) for one in done] == [CardMade, CardMade]
    assert Patron.objects.filter(name="林秋").count() == 1
    assert Guardianship.objects.filter(guardian__name="林秋").count() == 2


def test_the_person_the_job_and_the_timer_at_once_leave_one_good_card(machines: list[Machine]) -> None:
    machine = machines[0]
    application_id = machine.ready(kind="C", phone="13800000000")
    made = machine.make(application_id)
    pay_deposit(PayDeposit(made.number, "simulator"), NOW)
    later = NOW + timedelta(minutes=3)
    acts: list[Callable[[], object]] = [
        lambda: finish_card(FinishCard(application_id), later),
        lambda: finish_cards.run(later),
        lambda: give_up(GiveUp(application_id), later),
        lambda: give_up(GiveUp(application_id, for_good=True), later),
    ]
    done = at_once(lambda place: acts[place](), len(acts))
    assert Card.objects.get().status == Card.Status.ACTIVE
    assert not Application.objects.exists()
    for one in done:
        assert isinstance(one, dict | CardFinished | GivenUp | Refusal)
        assert not (isinstance(one, GivenUp) and one.left is Left.ENDED)


def test_four_machines_in_a_busy_hour(machines: list[Machine]) -> None:
    """Twenty-five people each: a hundred cards with a hundred numbers in a row, every fifth person walks off unpaid."""

    def hour(place: int) -> list[str]:
        machine, numbers = Machine(MACHINES[place]), []
        for turn in range(25):
            serial = place * 25 + turn + 1
            read = document(f"读者{serial}", date(1980, 1, 1) + timedelta(days=serial), serial)
            is_unpaid = turn % 5 == 4
            application_id = machine.ready(read, "C" if is_unpaid else "adult", phone="13800000000")
            numbers.append(machine.make(application_id).number)
            give_up(GiveUp(application_id, for_good=True), NOW)
        return numbers

    numbers = [number for given in at_once(hour, len(machines)) for number in given]
    assert sorted(numbers) == [f"D{5_000_001 + place}" for place in range(100)]
    statuses = list(Card.objects.values_list("status", flat=True))
    assert (statuses.count("active"), statuses.count("closed")) == (80, 20)
    assert Patron.objects.filter(name="-").count() == 20


_MACHINE = """
import sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.db import transaction
from shufang.registration.get_card.choose_pin import ChoosePin, choose_pin
from shufang.registration.get_card.finish_card import FinishCard, finish_card
from tests.registration.machine import NOW
with transaction.atomic():
    finish_card(FinishCard(int(sys.argv[2])), NOW)
    print("not committed yet", flush=True)
    sys.stdin.readline()
"""


def test_a_machine_that_is_killed_after_the_payment(machines: list[Machine]) -> None:
    """SIGKILL while the card is being finished: nothing of that is there; the job finishes it, once."""
    application_id = machines[0].ready(kind="C", phone="13800000000")
    made = machines[0].make(application_id)
    pay_deposit(PayDeposit(made.number, "simulator"), NOW)
    command = [sys.executable, "-c", _MACHINE, str(connection.settings_dict["NAME"]), str(application_id)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "not committed yet\n"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    assert Card.objects.get().status == Card.Status.ISSUED
    assert finish_cards.run(NOW + timedelta(minutes=3))["finished"] == 1
    assert Card.objects.get().status == Card.Status.ACTIVE
