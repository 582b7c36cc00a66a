"""The rule of repeats (SIP2.md): one effect and the same answer, whatever the terminal does with AY, clock and line."""

import random
from datetime import timedelta

import pytest

from shufang.branches.models import OnceKey, StoredReply
from shufang.catalogue.models import Item
from shufang.circulation.models import Conflict, Event, Loan
from shufang.jobs import erase_replies
from shufang.kernel import clock
from shufang.money.models import Payment
from shufang.sip2 import replies, requests
from shufang.sip2.codec import decode
from shufang.sip2_server.server import Address
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, WANG, ZHANG, owe
from tests.sip2_server.conftest import Starter
from tests.sip2_server.wire import Wire, today


def _events(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_a_repeat_on_the_same_line_gets_the_same_reply(address: Address) -> None:
    with Wire(address) as wire:
        line = wire.sealed(asking.checkout(ITEMS[0]))
        first, again = wire.exchange(line), wire.exchange(line)
    assert first == again
    assert (_events("checkout"), _events("renew")) == (1, 0)


# Scenario 2
def test_a_repeat_on_a_new_line_with_another_ay_gets_the_same_reply_with_that_ay(address: Address) -> None:
    request = asking.checkout(ITEMS[0])
    with Wire(address) as wire:
        first = wire.exchange(wire.sealed(request, "4"))
    with Wire(address) as wire:
        again = wire.exchange(wire.sealed(request, "7"))
    assert (first.body, first.sequence, again.sequence) == (again.body, "4", "7")
    assert Loan.objects.get().renewals == 0


def test_a_repeat_after_a_restart_of_the_server_gets_the_same_reply(start_server: Starter) -> None:
    request = asking.checkout(ITEMS[0])
    server = start_server()
    with Wire(server.addresses[0]) as wire:
        first = wire.exchange(wire.sealed(request, "1"))
    server.stop()
    with Wire(start_server().addresses[0]) as wire:
        assert wire.exchange(wire.sealed(request, "1")).body == first.body
    assert _events("checkout") == 1


def test_the_same_bytes_with_the_next_ay_on_the_same_line_are_a_new_request(address: Address) -> None:
    request = asking.checkout(ITEMS[0])
    with Wire(address) as wire:
        assert not wire.ask(request, replies.CheckoutReply, "1").renewal_ok
        assert wire.ask(request, replies.CheckoutReply, "2").renewal_ok


def test_without_ay_the_same_bytes_are_a_repeat(address: Address) -> None:
    request = asking.checkout(ITEMS[0])
    with Wire(address) as wire:
        assert wire.exchange(wire.sealed(request, "")).body == wire.exchange(wire.sealed(request, "")).body
    assert _events("checkout") == 1


def test_a_clock_that_stands_still_lends_and_takes_back_in_turn(address: Address) -> None:
    """The bytes of each round are the same, AY is constant: only what happened between tells the rounds apart."""
    still = "20100101    000000"
    with Wire(address) as wire:
        for _ in range(3):
            lent = wire.ask(asking.checkout(ITEMS[0], date=still), replies.CheckoutReply, "0")
            assert (lent.ok, lent.renewal_ok) == (True, False)
            assert wire.ask(asking.checkin(ITEMS[0], date=still), replies.CheckinReply, "0").ok
    assert (_events("checkout"), _events("checkin")) == (3, 3)


def test_two_terminals_that_share_an_account_and_a_clock_are_told_apart_by_what_happened(address: Address) -> None:
    still = "20100101    000000"
    with Wire(address) as one, Wire(address) as other:
        assert one.ask(asking.checkout(ITEMS[0], date=still), replies.CheckoutReply, "0").ok
        assert other.ask(asking.checkin(ITEMS[0], date=still), replies.CheckinReply, "0").ok
        assert other.ask(asking.checkout(ITEMS[0], WANG, date=still), replies.CheckoutReply, "0").ok
        taken = one.ask(asking.checkin(ITEMS[0], date=still), replies.CheckinReply, "0")
        assert taken.ok
    assert (_events("checkout"), _events("checkin")) == (2, 2)


def test_a_reply_is_forgotten_after_ten_minutes(address: Address) -> None:
    request = asking.checkin(ITEMS[0])
    with Wire(address) as wire:
        wire.ask(request, replies.CheckinReply, "")
        StoredReply.objects.update(at=clock.now() - timedelta(minutes=11))
        wire.ask(request, replies.CheckinReply, "")
        assert _events("checkin") == 2
        StoredReply.objects.update(at=clock.now() - timedelta(minutes=11))
    erase_replies.run(clock.now())
    assert not StoredReply.objects.exists()


def test_refusals_always_run_anew(address: Address) -> None:
    with Wire(address) as wire:
        line = wire.sealed(asking.checkout("LATER", ZHANG), "1")
        assert b"120" in wire.exchange(line).body
        Item.objects.filter(barcode=ITEMS[0]).update(barcode="LATER")
        assert b"121" in wire.exchange(line).body


# Scenario 12
def test_what_happened_off_line_is_recorded_once_in_ninety_days(address: Address) -> None:
    """Whole batches are sent again; the reply's words are erased after ten minutes, the key is not."""
    batch: list[requests.CheckoutRequest | requests.CheckinRequest] = [
        asking.checkout(ITEMS[0], no_block=True, pin=""),
        asking.checkin(ITEMS[0], no_block=True),
        asking.checkout(ITEMS[1], "NOBODY", no_block=True, pin=""),
    ]
    for days in (0, 0, 60):
        OnceKey.objects.update(at=clock.now() - timedelta(days=days))
        StoredReply.objects.all().delete()
        erase_replies.run(clock.now())
        with Wire(address) as wire:
            for request in batch:
                assert wire.exchange(wire.sealed(request)).body[2:3] == b"1"
    assert (_events("checkout"), _events("checkin"), Conflict.objects.count()) == (1, 1, 1)
    assert not OnceKey.objects.exclude(reply=b"").exists()


@pytest.mark.parametrize("transaction", ["", "T-77"])
def test_money_is_taken_once(address: Address, transaction: str) -> None:
    owe(ZHANG, "9.00")
    request = asking.paid("2.00", transaction=transaction)
    for _ in range(3):
        with Wire(address) as wire:
            assert wire.ask(request, replies.FeePaidReply).accepted
    assert Payment.objects.count() == 1


def test_with_a_transaction_number_money_is_taken_once_also_much_later(address: Address) -> None:
    owe(ZHANG, "9.00")
    request = asking.paid("2.00", transaction="T-77")
    with Wire(address) as wire:
        assert wire.ask(request, replies.FeePaidReply).accepted
        StoredReply.objects.all().delete()
        assert wire.ask(request, replies.FeePaidReply).accepted
        assert wire.ask(asking.paid("2.00", transaction="T-78"), replies.FeePaidReply).accepted
    assert Payment.objects.count() == 2


def test_without_one_the_same_payment_counts_again_after_ninety_seconds(address: Address) -> None:
    owe(ZHANG, "9.00")
    request = asking.paid("2.00")
    with Wire(address) as wire:
        wire.ask(request, replies.FeePaidReply, "")
        StoredReply.objects.update(at=clock.now() - timedelta(seconds=91))
        wire.ask(request, replies.FeePaidReply, "")
    assert Payment.objects.count() == 2


def test_resend_gives_the_last_reply_as_it_was(address: Address) -> None:
    with Wire(address, account="") as wire:
        assert wire.raw(b"97") == b"96"
        assert wire.raw(b"97AZFEF5") == b"96AZFEF6"
        assert wire.raw(b"9300CNgmd-1|COdemo|AY5AZF8E8")[:2] in {b"94", b"96"}
    with Wire(address) as wire:
        wire.send(wire.sealed(asking.checkout(ITEMS[0]), "6"))
        first = wire.line()
        assert decode(first).sequence == "6"
        assert wire.raw(b"97AZFEF5") == first
        assert wire.raw(first[:2] + b"AZ0000")[:2] == b"96"
        assert wire.raw(b"97AZFEF5") == first
    assert _events("checkout") == 1


# Scenario 4
@pytest.mark.parametrize("way", ["constant", "absent", "counting", "restarting"])
def test_with_thirty_percent_of_replies_lost_each_request_has_one_effect(address: Address, way: str) -> None:
    """A terminal that hears nothing asks again, now and then on a new line; its clock may stand still."""
    chance = random.Random(f"lost replies, {way}")
    still = today() if way != "counting" else ""
    wanted, count = 24, 0
    wire = Wire(address)
    for number in range(wanted):
        item = ITEMS[number // 2 % 3]
        request = asking.checkout(item, date=still) if number % 2 == 0 else asking.checkin(item, date=still)
        sequence = {"constant": "3", "absent": "", "counting": str(number % 10), "restarting": str(number % 2)}[way]
        while True:
            reply = wire.exchange(wire.sealed(request, sequence)).message
            count += 1
            assert isinstance(reply, replies.CheckoutReply | replies.CheckinReply)
            assert reply.ok
            if chance.random() >= 0.3:
                break
            if chance.random() < 0.5:
                wire.socket.close()
                wire = Wire(address)
                if way == "restarting":
                    sequence = "0"
    wire.socket.close()
    assert count > wanted
    assert (_events("checkout"), _events("checkin"), _events("renew")) == (wanted // 2, wanted // 2, 0)


def test_a_refused_no_block_request_is_not_kept(address: Address) -> None:
    """BI=Y with no block may still be refused, and what was refused is asked anew."""
    with Wire(address) as wire:
        request = asking.checkin(ITEMS[0], no_block=True, cancel=True)
        assert not wire.ask(request, replies.CheckinReply, "1").ok
        assert wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply, "2").ok
        assert wire.ask(request, replies.CheckinReply, "1").ok
    assert not Loan.objects.filter(status="open").exists()
