"""Races with real threads and real processes, on the engine of the run: one item, one success; limits hold."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from django.db import connection, connections

from shufang.branches.models import Branch, Library
from shufang.catalogue.models import Item, ItemKind, Title
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.models import Event, Hold, Loan
from shufang.circulation.place import Place
from shufang.demo import network
from shufang.kernel.clock import now
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card, CardKind, Patron

pytestmark = pytest.mark.django_db(transaction=True)

TERMINALS = 8
Result = TypeVar("Result")


@pytest.fixture
def gmd() -> Place:
    """Lay out the network with eight readers (R0 to R7, card kind B: five books) and twenty items at GMD."""
    at = now() - timedelta(days=1)
    network.lay_out(at)
    library, branch = Library.objects.get(code="DX"), Branch.objects.get(code="GMD")
    for number in range(TERMINALS):
        patron = Patron.objects.create(name=f"读者{number}", created_at=at)
        Card.objects.create(
            number=f"R{number}",
            patron=patron,
            kind=CardKind.objects.get(code="B"),
            library=library,
            status=Card.Status.ACTIVE,
            issued_at=at,
            status_since=at,
        )
    title = Title.objects.create(source="r", control_number="1", title="书", created_at=at, updated_at=at)
    Item.objects.bulk_create(
        Item(
            barcode=f"RX{number}",
            title=title,
            library=library,
            home_branch=branch,
            current_branch=branch,
            kind=ItemKind.objects.get(code="book"),
            status_since=at,
            created_at=at,
        )
        for number in range(20)
    )
    return Place(branch.pk)


def at_once(work: Callable[[int], Result], count: int) -> list[Result]:
    """Run `work(0)` to `work(count - 1)` in threads that start together; return the results in order."""
    gate = threading.Barrier(count)

    def run(number: int) -> Result:
        try:
            gate.wait(30)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def _borrow(barcode: str, place: Place, number: int) -> object:
    return checkout(Checkout(f"R{number}", barcode, place), now())


# Scenario 5
def test_many_terminals_one_item_one_success(gmd: Place) -> None:
    for attempt in range(5):
        barcode = f"RX{attempt}"
        done = at_once(partial(_borrow, barcode, gmd), TERMINALS)
        assert [type(one) for one in done].count(CheckedOut) == 1
        codes = {one.code for one in done if isinstance(one, Refusal)}
        assert codes == {"on_loan_to_another"}
        assert Loan.objects.filter(item__barcode=barcode).count() == 1


# Scenario 6
def test_a_reader_at_the_limit_minus_one_gets_one_more_from_four_terminals(gmd: Place) -> None:
    for number in range(4):
        assert isinstance(checkout(Checkout("R0", f"RX{number}", gmd), now()), CheckedOut)
    done = at_once(lambda n: checkout(Checkout("R0", f"RX{10 + n}", gmd), now()), 4)
    assert [type(one) for one in done].count(CheckedOut) == 1
    assert {one.code for one in done if isinstance(one, Refusal)} <= {"limit_reached", "group_limit_reached"}
    assert Loan.objects.filter(patron__cards__number="R0").count() == 5


def test_one_return_is_counted_once(gmd: Place) -> None:
    assert isinstance(checkout(Checkout("R0", "RX0", gmd), now()), CheckedOut)
    done = at_once(lambda _: checkin(Checkin("RX0", gmd), now()), TERMINALS)
    closing = [one for one in done if isinstance(one, CheckedIn) and one.loan_id is not None]
    assert len(closing) == 1
    assert not Loan.objects.exclude(status="closed").exists()


def test_a_return_serves_one_of_those_who_reserve_at_the_same_moment(gmd: Place) -> None:
    for number in range(20):
        Item.objects.filter(barcode=f"RX{number}").exclude(barcode="RX0").update(status="withdrawn")
    assert isinstance(checkout(Checkout("R0", "RX0", gmd), now()), CheckedOut)
    title = Title.objects.get().pk

    def reserve_or_return(number: int) -> object:
        if number == 0:
            return checkin(Checkin("RX0", gmd), now())
        return place_hold(PlaceHold(f"R{number}", place=gmd, title_id=title, pickup_branch_id=gmd.branch_id), now())

    done = at_once(reserve_or_return, TERMINALS)
    assert [type(one) for one in done].count(HoldPlaced) == TERMINALS - 1
    checkin(Checkin("RX0", gmd), now())
    assert Hold.objects.filter(status="ready").count() == 1
    assert Item.objects.get(barcode="RX0").status == "on_hold_shelf"
    ready = Hold.objects.get(status="ready")
    before = Hold.objects.filter(status="waiting", pk__lt=ready.pk, queued_at__lt=ready.queued_at)
    assert not before.exists()  # whoever came after with an earlier clock could not be waited for


def test_no_deadlock_in_a_busy_hour(gmd: Place) -> None:
    """Everybody borrows, returns and reserves the same few items; each answer is a result or a refusal."""

    def hour(number: int) -> list[object]:
        done: list[object] = []
        for step in range(12):
            barcode = f"RX{(number + step) % 4}"
            done.append(checkout(Checkout(f"R{number}", barcode, gmd), now()))
            if step % 3 == 0:
                done.append(
                    place_hold(
                        PlaceHold(f"R{number}", place=gmd, barcode=barcode, pickup_branch_id=gmd.branch_id), now()
                    )
                )
            done.append(checkin(Checkin(barcode, gmd), now()))
        return done

    for results in at_once(hour, TERMINALS):
        assert len(results) == 28
    assert Loan.objects.exclude(status="closed").count() == Item.objects.filter(status="on_loan").count()
    assert Event.objects.filter(verb="checkout").count() == Loan.objects.count()


_PROCESS = """
import json, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from shufang.circulation.checkout import Checkout, checkout, CheckedOut
from shufang.circulation.place import Place
from shufang.kernel.clock import now
print("ready", flush=True)
sys.stdin.readline()
done = [checkout(Checkout(sys.argv[2], f"RX{n}", Place(int(sys.argv[3]))), now()) for n in range(20)]
print(json.dumps([type(one).__name__ for one in done]))
"""


def test_processes_share_the_items_without_a_double_loan(gmd: Place) -> None:
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", _PROCESS, name]
    processes = [
        subprocess.Popen(
            [*command, f"R{number}", str(gmd.branch_id)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = []
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        answers.append(json.loads(out))
    assert [answer.count("CheckedOut") for answer in answers] == [5, 5, 5, 5]
    assert Loan.objects.filter(status="open").values("item").distinct().count() == 20
