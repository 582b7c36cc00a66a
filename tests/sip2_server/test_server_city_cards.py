"""Cards of other libraries at a machine: asked for in the city before the transaction, and the others do not wait."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from shufang.circulation.models import Conflict, Loan
from shufang.patrons.models import Card
from shufang.registration.authority.simulator.modes import Mode
from shufang.registration.authority.simulator.service import CardCentreService
from shufang.sip2 import replies
from shufang.sip2_server.server import Address
from tests.registration.centre import AWAY, MENG, PIN, WELL, running_centre
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, ZHANG
from tests.sip2_server.conftest import Starter
from tests.sip2_server.wire import Wire


@pytest.fixture
def centre(settings: Settings) -> Iterator[CardCentreService]:
    with running_centre(settings) as service:
        yield service


@pytest.fixture
def address(centre: CardCentreService, start_server: Starter) -> Address:
    """Return where a server listens that has the centre for its authority."""
    return start_server().addresses[0]


def lend(wire: Wire, item: str, patron: str, pin: str = PIN) -> replies.CheckoutReply:
    return wire.ask(asking.checkout(item, patron, pin=pin), replies.CheckoutReply)


def test_a_card_of_another_library_borrows_at_its_first_visit(address: Address, centre: CardCentreService) -> None:
    with Wire(address) as wire:
        assert lend(wire, ITEMS[0], MENG.number).ok
        assert lend(wire, ITEMS[1], MENG.number).ok
    assert centre.requests == 1
    assert Loan.objects.filter(patron__cards__number=MENG.number).count() == 2


def test_its_pin_counts_as_the_centre_says(address: Address, centre: CardCentreService) -> None:
    with Wire(address) as wire:
        refused = lend(wire, ITEMS[0], MENG.number, pin="999111")
        assert not refused.ok
        assert lend(wire, ITEMS[0], MENG.number, pin=PIN).ok


# Scenario 52
def test_known_cards_never_make_anybody_wait(address: Address, centre: CardCentreService) -> None:
    """Six unknown cards wait for a slow centre; a reader of ours borrows meanwhile."""
    for number in range(6):
        centre.books.put(replace(MENG, number=f"SD777000{number}"), PIN)
    centre.mode = Mode(latency=1.5)
    done: list[bool] = []

    def stranger(number: int) -> None:
        with Wire(address, account="gmd-2") as wire:
            done.append(lend(wire, ITEMS[number], f"SD777000{number}").ok)

    threads = [threading.Thread(target=stranger, args=(number,)) for number in range(6)]
    with Wire(address) as wire:
        for thread in threads:
            thread.start()
        while not centre.requests:
            time.sleep(0.01)
        assert lend(wire, ITEMS[10], ZHANG).ok
        assert done == []
    for thread in threads:
        thread.join(30)
    assert done == [True] * 6


def test_while_the_centre_is_away_an_unknown_card_is_told_so_and_known_ones_lend(
    address: Address, centre: CardCentreService
) -> None:
    with Wire(address) as wire:
        assert lend(wire, ITEMS[0], MENG.number).ok
        centre.mode = AWAY
        assert lend(wire, ITEMS[1], MENG.number).ok
        refused = lend(wire, ITEMS[2], "SD0000055")
        assert not refused.ok
        assert "一卡通中心" in refused.screen[0]
        status = wire.ask(asking.status("SD0000055"), replies.PatronStatusReply)
        assert not status.is_valid
        centre.mode = WELL


def test_a_number_that_nobody_knows_is_unknown(address: Address, centre: CardCentreService) -> None:
    with Wire(address) as wire:
        refused = lend(wire, ITEMS[0], "NOBODY01")
        assert (refused.ok, "没认出这张卡" in refused.screen[0]) == (False, True)
    assert centre.requests == 1


def test_what_has_happened_is_recorded_also_while_the_centre_is_away(
    address: Address, centre: CardCentreService
) -> None:
    centre.mode = AWAY
    with Wire(address) as wire:
        reply = wire.ask(asking.checkout(ITEMS[0], "SD0000055", no_block=True), replies.CheckoutReply)
        assert reply.ok
    assert Conflict.objects.get().code == "card_unknown"
    assert not Card.objects.filter(number="SD0000055").exists()
