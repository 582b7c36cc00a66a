"""Numbers from ranges: in order, each once, none lost, with threads and processes at once."""

import json
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from shufang.branches.models import Device, Library
from shufang.demo import network
from shufang.kernel.clock import now as clock_now
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.registration.issue_card import CardIssued, IssueCard, Person, issue_card
from shufang.registration.models import NumberRange
from shufang.registration.number_ranges import NumberTaken, left, take_number
from tests.circulation.test_races import at_once

if TYPE_CHECKING:
    from tests.registration.conftest import Desk

MACHINES = 8
EACH = 6


def taken(library_id: int, device_id: int | None = None) -> str:
    with transaction.atomic():
        done = take_number(library_id, device_id)
    assert isinstance(done, NumberTaken), done
    return done.number


class PowerCutError(Exception):
    """The power went."""


def take_and_fail(library_id: int) -> None:
    with transaction.atomic():
        take_number(library_id, None)
        raise PowerCutError


def only_range(library_id: int, first: int, last: int, **more: object) -> NumberRange:
    NumberRange.objects.all().delete()
    fields: dict[str, object] = {"prefix": "T", "width": 4, "next_number": first, **more}
    return NumberRange.objects.create(library_id=library_id, first=first, last=last, **fields)


def test_numbers_come_in_order_until_the_range_is_used_up(desk: "Desk") -> None:
    only_range(desk.library_id, 1, 3)
    assert [taken(desk.library_id) for _ in range(3)] == ["T0001", "T0002", "T0003"]
    refusal = take_number(desk.library_id, None)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "numbers_used_up"
    assert left(desk.library_id, None) == 0


def test_a_machine_has_its_own_range_and_then_its_librarys(desk: "Desk") -> None:
    device = Device.objects.get(account="gmd-1")
    only_range(desk.library_id, 1, 1)
    NumberRange.objects.create(
        library_id=desk.library_id, device=device, prefix="M", width=2, first=1, last=1, next_number=1
    )
    other = Device.objects.get(account="gmd-2")
    assert left(desk.library_id, device.pk) == 2
    assert left(desk.library_id, other.pk) == 1
    assert [taken(desk.library_id, device.pk) for _ in range(2)] == ["M01", "T0001"]
    assert isinstance(take_number(desk.library_id, other.pk), Refusal)


def test_a_number_that_is_on_a_card_is_passed_over(desk: "Desk") -> None:
    only_range(desk.library_id, 1, 9)
    desk.issue("T0001")
    assert taken(desk.library_id) == "T0002"


def test_a_number_of_a_card_that_was_not_made_is_given_again(desk: "Desk") -> None:
    only_range(desk.library_id, 1, 9)
    with pytest.raises(PowerCutError):
        take_and_fail(desk.library_id)
    assert taken(desk.library_id) == "T0001"


def test_a_range_that_is_switched_off_gives_nothing(desk: "Desk") -> None:
    only_range(desk.library_id, 1, 9, is_enabled=False)
    assert isinstance(take_number(desk.library_id, None), Refusal)


@pytest.mark.parametrize(
    "wrong", [{"first": 5, "last": 4, "next_number": 5}, {"first": 1, "last": 4, "next_number": 6}]
)
def test_a_range_out_of_order_is_not_kept(desk: "Desk", wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberRange.objects.create(library_id=desk.library_id, prefix="X", width=4, **wrong)


def issue_next(library_id: int, at: datetime) -> str:
    """Make a card of the next number in one transaction, as the machines do."""
    with transaction.atomic():
        number = take_number(library_id, None)
        assert isinstance(number, NumberTaken), number
        done = issue_card(IssueCard(number.number, "adult", library_id, Person("某人", at.date().replace(1990))), at)
        assert isinstance(done, CardIssued), done
        return number.number


# Scenario 48
@pytest.mark.django_db(transaction=True)
def test_machines_at_once_never_get_the_same_number_and_leave_no_gap() -> None:
    """Every third transaction is rolled back after its number was taken; the number serves another."""
    network.lay_out(clock_now())
    library = Library.objects.get(code="DX")
    only_range(library.pk, 1, 9999)

    def hour(machine: int) -> list[str]:
        given = []
        for turn in range(EACH):
            if (machine + turn) % 3 == 0:
                with pytest.raises(PowerCutError):
                    take_and_fail(library.pk)
            given.append(issue_next(library.pk, clock_now()))
        return given

    given = [number for numbers in at_once(hour, MACHINES) for number in numbers]
    assert sorted(given) == [f"T{number:04}" for number in range(1, MACHINES * EACH + 1)]
    assert sorted(Card.objects.values_list("number", flat=True)) == sorted(given)


@pytest.mark.django_db(transaction=True)
def test_when_one_range_ends_those_who_waited_go_on_in_the_next() -> None:
    network.lay_out(clock_now())
    library = Library.objects.get(code="DX")
    only_range(library.pk, 1, 3)
    NumberRange.objects.create(library=library, prefix="U", width=4, first=1, last=100, next_number=1)
    given = at_once(lambda _machine: issue_next(library.pk, clock_now()), MACHINES)
    assert sorted(given) == ["T0001", "T0002", "T0003", *(f"U{number:04}" for number in range(1, MACHINES - 2))]


_PROCESS = """
import json, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from shufang.kernel.clock import now
from tests.registration.test_number_ranges import issue_next
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([issue_next(int(sys.argv[2]), now()) for _ in range(10)]))
"""


@pytest.mark.django_db(transaction=True)
def test_processes_share_a_range() -> None:
    network.lay_out(clock_now())
    library = Library.objects.get(code="DX")
    only_range(library.pk, 1, 9999)
    command = [sys.executable, "-c", _PROCESS, str(connection.settings_dict["NAME"]), str(library.pk)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    given: list[str] = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        given += json.loads(out)
    assert sorted(given) == [f"T{number:04}" for number in range(1, 41)]
