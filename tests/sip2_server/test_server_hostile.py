"""Strange, hostile, slow terminals: refused, limited, and no trouble for the one beside them."""

import socket
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shufang.branches.devices import hash_password
from shufang.branches.models import Device
from shufang.circulation.models import Loan
from shufang.sip2 import replies, requests
from shufang.sip2.codec import seal
from shufang.sip2.dialects import STANDARD
from shufang.sip2_server.server import Address
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, PIN, TITLE
from tests.sip2_server.conftest import Starter
from tests.sip2_server.wire import Wire, today

TERMINAL = b"9300CNgmd-1|CO%s|"


@pytest.mark.parametrize(
    "line",
    [
        b"9300CNgmd-1|COwrong|",
        b"9300CNgmd-1|CO|",
        b"9300CNgmd-1|",
        b"9300CNnobody|COdemo|",
        b"9310CNgmd-1|COdemo|",
        b"9301CNgmd-1|COdemo|",
    ],
)
def test_wrong_logins_are_refused_and_three_of_them_end_the_line(address: Address, line: bytes) -> None:
    with Wire(address, account="") as wire:
        assert [wire.raw(line), wire.raw(line), wire.raw(line)] == [b"940"] * 3
        assert wire.line() == b""


def test_before_the_login_nothing_is_told(address: Address) -> None:
    with Wire(address, account="") as wire:
        for message in (asking.status(), asking.information(), asking.item(ITEMS[0]), asking.checkout(ITEMS[0])):
            line = wire.sealed(message)
            wire.send(line)
            reply = wire.line()
            assert reply[:2] in {b"24", b"64", b"18", b"12"}
            for secret in ("张伟", TITLE, "DX|BX"):
                assert secret.encode() not in reply
        status = wire.ask(requests.StatusRequest("0", "080", "2.00"), replies.StatusReply)
        assert (status.online, status.institution) == (False, "")
        assert status.supported == "NNNNNYYNNNNNNNNN", "resend and login, nothing else"
        assert wire.raw(TERMINAL % b"demo") == b"941"
        assert wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).ok


def test_a_listener_may_tell_its_status_before_the_login(start_server: Starter) -> None:
    with Wire(start_server(status_before_login=True).addresses[0], account="") as wire:
        status = wire.ask(requests.StatusRequest("0", "080", "2.00"), replies.StatusReply)
        assert (status.online, status.supported) == (True, "Y" * 16)
        assert not wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).ok


def test_a_terminal_that_is_bound_to_its_address_needs_no_login(address: Address) -> None:
    Device.objects.filter(account="gmd-gbk").update(is_bound=True, allowed_addresses="127.0.0.1")
    with Wire(address, account="", encoding="gb18030") as wire:
        lent = wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply)
        assert (lent.ok, lent.title) == (True, TITLE)


def test_an_account_may_call_only_from_its_addresses(address: Address) -> None:
    Device.objects.filter(account="gmd-1").update(allowed_addresses="10.0.0.0/8")
    with Wire(address, account="") as wire:
        assert wire.raw(TERMINAL % b"demo") == b"940"


@pytest.mark.parametrize(
    "change",
    [
        {"is_enabled": False},
        {"allowed_addresses": "10.0.0.0/8"},
        {"allowed_addresses": "no address"},
        {"password_hash": hash_password("another")},
    ],
)
def test_a_terminal_that_would_not_be_let_in_now_is_cut_off(start_server: Starter, change: dict[str, object]) -> None:
    with Wire(start_server(refresh_seconds=0.1).addresses[0]) as wire:
        Device.objects.filter(account="gmd-1").update(**change)
        assert wire.line() == b""


def test_a_terminal_that_needed_no_login_is_cut_off_when_it_needs_one(start_server: Starter) -> None:
    Device.objects.filter(account="gmd-1").update(is_bound=True, allowed_addresses="127.0.0.1")
    with Wire(start_server(refresh_seconds=0.1).addresses[0], account="") as wire:
        assert wire.ask(asking.status(), replies.PatronStatusReply).is_valid
        Device.objects.filter(account="gmd-1").update(is_bound=False)
        assert wire.line() == b""


def test_a_changed_account_that_may_still_call_goes_on(start_server: Starter) -> None:
    with Wire(start_server(refresh_seconds=0.1).addresses[0]) as wire:
        Device.objects.filter(account="gmd-1").update(allowed_addresses="127.0.0.0/8, ::1")
        time.sleep(0.5)
        assert wire.ask(asking.status(), replies.PatronStatusReply).is_valid


def test_damaged_lines_are_asked_for_again_and_do_nothing(address: Address) -> None:
    with Wire(address) as wire:
        line = wire.sealed(asking.checkout(ITEMS[0]))
        damaged = line.replace(ITEMS[0].encode(), ITEMS[1].encode())
        wire.send(damaged)
        assert wire.line() == b"96AZFEF6"
        wire.send(line)
        assert wire.line().startswith(b"121")
    assert Loan.objects.get().item.barcode == ITEMS[0]


@pytest.mark.parametrize("line", [b"GET / HTTP/1.1", b"00", b"9", b"11YN", b"\xff" * 40, b"941", b"13" + b"x" * 300])
def test_what_is_no_request_is_asked_for_again(address: Address, line: bytes) -> None:
    with Wire(address) as wire:
        assert wire.raw(line) == b"96"
        assert wire.raw(b"97").startswith(b"941")


def test_nonsense_without_end_is_cut_off(address: Address) -> None:
    with Wire(address) as wire:
        for _ in range(19):
            assert wire.raw(b"zz") == b"96"
        assert wire.raw(b"zz") == b"96"
        assert wire.line() == b""
    with Wire(address) as wire:
        wire.send(b"x" * 10_000)
        assert wire.line() == b""


def test_line_ends_and_blanks_before_a_message(address: Address) -> None:
    with Wire(address, account="") as wire:
        wire.send(b"\r\n \n  9300CNgmd-1|COdemo|\r\n")
        assert wire.line() == b"941"
        wire.send(f"17{today()}AODX|AB{ITEMS[0]}|\n".encode())
        assert TITLE.encode() in wire.line()
        for piece in (b"17", today().encode(), b"AODX|AB", ITEMS[0].encode(), b"|\r"):
            wire.send(piece)
            time.sleep(0.02)
        assert TITLE.encode() in wire.line()


def test_a_caller_that_says_it_has_said_all_gets_all_replies(address: Address) -> None:
    lines = [TERMINAL % b"demo", *(f"17{today()}AODX|AB{barcode}|".encode() for barcode in ITEMS)]
    with Wire(address, account="") as wire:
        wire.send(b"".join(line + b"\r\n" for line in lines) + b"17unfinished")
        wire.socket.shutdown(socket.SHUT_WR)
        assert [wire.line()[:2] for _ in lines] == [b"94", *[b"18"] * len(ITEMS)]
        assert wire.line() == b""


def test_a_bound_terminal_with_two_trailers_is_asked_again(address: Address) -> None:
    Device.objects.filter(account="gmd-gbk").update(is_bound=True, allowed_addresses="127.0.0.1")
    with Wire(address, account="", encoding="gb18030") as wire:
        body = f"17{today()}AODX|AB{ITEMS[0]}|AZ1234".encode()
        wire.send(seal(body, "gb18030", STANDARD, sequence="1", with_checksum=True))
        assert wire.line().startswith(b"96")
        assert wire.ask(asking.item(ITEMS[0]), replies.ItemInformationReply).title == TITLE


def test_many_lines_at_once_are_answered_in_their_order(address: Address) -> None:
    with Wire(address) as wire:
        messages = [asking.item(ITEMS[number % len(ITEMS)]) for number in range(60)]
        wire.send(b"".join(wire.sealed(message, str(place % 10)) for place, message in enumerate(messages)))
        for place, message in enumerate(messages):
            line = wire.line().decode()
            assert f"AB{message.item}|" in line
            assert f"AY{place % 10}AZ" in line


def test_a_silent_line_is_closed(start_server: Starter) -> None:
    address = start_server(idle_seconds=0.5, login_seconds=0.2).addresses[0]
    with Wire(address, account="") as stranger, Wire(address) as wire:
        stranger.socket.settimeout(5)
        wire.socket.settimeout(5)
        assert stranger.line() == b""
        assert wire.line() == b""


def test_an_address_has_only_so_many_lines(start_server: Starter) -> None:
    server = start_server(connections_an_address=3)
    wires = [Wire(server.addresses[0]) for _ in range(3)]
    fourth = socket.create_connection((server.addresses[0].host, server.addresses[0].port), 5)
    with fourth, suppress(ConnectionResetError):
        assert fourth.recv(1) == b""
    assert wires[0].ask(asking.item(ITEMS[0]), replies.ItemInformationReply).title == TITLE
    for wire in wires:
        wire.socket.close()
    for _ in range(100):
        try:
            Wire(server.addresses[0]).socket.close()
            break
        except (AssertionError, ConnectionError):
            time.sleep(0.02)
    else:
        pytest.fail("a closed line is still counted")


def test_one_that_never_reads_and_one_that_never_ends_disturb_nobody(address: Address) -> None:
    with Wire(address) as deaf, Wire(address, account="") as endless, Wire(address) as wire:
        deaf.socket.settimeout(0.2)
        try:
            for _ in range(3000):
                deaf.send(deaf.sealed(asking.information(summary="  Y       ")))
        except OSError:
            pass
        endless.send(b"11YN")
        assert wire.ask(asking.checkout(ITEMS[0], pin=PIN), replies.CheckoutReply).ok


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.lists(st.binary(max_size=80), max_size=4))
def test_noise_does_no_harm(address: Address, data: list[bytes]) -> None:
    with Wire(address) as wire:
        for piece in data:
            wire.send(piece.replace(b"\r", b"").replace(b"\n", b"") + b"\r")
        wire.send(b"\r")
    with Wire(address) as wire:
        assert wire.ask(asking.item(ITEMS[0]), replies.ItemInformationReply).title == TITLE
    assert not Loan.objects.exists()
