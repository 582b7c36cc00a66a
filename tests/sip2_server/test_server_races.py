"""Many terminals at once: one item has one loan, one card's requests stand in one order, and nobody waits for ever."""

import threading
from collections.abc import Callable

from shufang.circulation.models import Event, Loan
from shufang.sip2 import replies
from shufang.sip2_server.server import Address
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, WANG, ZHANG
from tests.sip2_server.wire import Wire

TERMINALS = 8


def _at_once(address: Address, work: Callable[[int, Wire], None]) -> None:
    """Let each terminal do its work, all beginning together; an exception in one of them fails the test."""
    begin = threading.Barrier(TERMINALS)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with Wire(address, account="gmd-1" if number % 2 else "gmd-2") as wire:
                begin.wait(30)
                work(number, wire)
        except BaseException as error:  # noqa: BLE001  # told to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(TERMINALS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors


def test_eight_terminals_and_one_item_make_one_loan(address: Address) -> None:
    lent: list[bool] = []

    def work(number: int, wire: Wire) -> None:
        patron = ZHANG if number % 2 else WANG
        request = asking.checkout(ITEMS[0], patron, date=f"20260101    00000{number}")
        reply = wire.ask(request, replies.CheckoutReply)
        lent.append(reply.ok and not reply.renewal_ok)

    _at_once(address, work)
    assert lent.count(True) == 1
    assert Loan.objects.count() == Event.objects.filter(verb="checkout").count() == 1


def test_items_that_go_from_hand_to_hand_are_never_lost(address: Address) -> None:
    """Each terminal lends and takes back the same few items, again and again; what is told is what is recorded."""
    told = {"checkout": 0, "renew": 0, "checkin": 0}
    lock = threading.Lock()

    def work(number: int, wire: Wire) -> None:
        for turn in range(12):
            item = ITEMS[(number + turn) % 3]
            date = f"20260101    {number:02}{turn:02}00"
            lent = wire.ask(asking.checkout(item, ZHANG if number % 2 else WANG, date=date), replies.CheckoutReply)
            back = wire.ask(asking.checkin(item, date=date), replies.CheckinReply)
            assert back.ok
            with lock:
                told["checkin"] += 1
                told["renew" if lent.renewal_ok else "checkout"] += lent.ok

    _at_once(address, work)
    found = {verb: Event.objects.filter(verb=verb).count() for verb in told}
    assert found == told
    assert not Loan.objects.exclude(status="closed").exists()


def test_sixty_four_messages_of_one_card_are_all_answered(address: Address) -> None:
    def work(number: int, wire: Wire) -> None:
        for place in range(8):
            wire.ask(asking.checkout(ITEMS[(number + place) % 20]), replies.CheckoutReply)

    _at_once(address, work)
    loans = Loan.objects.filter(status="open")
    assert loans.count() == loans.values("item").distinct().count()
    assert Event.objects.filter(verb="checkout").count() == loans.count()
