"""Foreign software against the server: the client of PyPI's Sip2 borrows, PyPI's pysip2 reads every reply."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

import pytest
from pysip2.codec import decode_message

from shufang.branches.models import Device
from shufang.sip2 import replies, requests
from shufang.sip2.codec import Message
from shufang.sip2_server.server import Address
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, LOST, PIN, TITLE, WANG, ZHANG, owe
from tests.sip2_server.wire import Wire, today


class ForeignClient(Protocol):
    """What is used of the class Sip2 of PyPI's Sip2, which has no types."""

    def connect(self) -> bool: ...
    def disconnect(self) -> None: ...
    def get_response(self, request: str) -> str: ...


@pytest.fixture
def client(address: Address, tmp_path: Path) -> Iterator[ForeignClient]:
    """Return the foreign client, connected; it speaks English and sends checksums and sequence numbers."""
    client: ForeignClient = import_module("Sip2.sip2").Sip2()
    told = {
        "hostName": address.host,
        "hostPort": address.port,
        "tlsEnable": False,
        "language": "001",
        "institutionId": "DX",
        "scLocation": "GMD",
        "patron": ZHANG,
        "patronpwd": PIN,
        "logfile_path": str(tmp_path),
        "loglevel": "CRITICAL",
        "socketTimeout": 20,
    }
    for name, value in told.items():
        setattr(client, name, value)
    client.connect()
    yield client
    client.disconnect()


def test_the_foreign_client_makes_a_whole_visit(client: ForeignClient) -> None:
    def ask(name: str, *words: str) -> dict[str, dict[str, object]]:
        request = getattr(client, f"sip_{name}_request")(*words)
        found: dict[str, dict[str, object]] = getattr(client, f"sip_{name}_response")(client.get_response(request))
        return found

    assert ask("login", "gmd-1", "demo")["fixed"]["Ok"] == "1"
    status = ask("sc_status")
    assert (status["fixed"]["OnlineStatus"], status["variable"]["BX"]) == ("Y", ["Y" * 16])
    patron = ask("patron_status")["variable"]
    assert (patron["AE"], patron["BL"], patron["CQ"]) == (["张伟"], ["Y"], ["Y"])
    lent = ask("checkout", ITEMS[0])
    assert (lent["fixed"]["Ok"], lent["variable"]["AJ"]) == ("1", [TITLE])
    charged = ask("patron_information", "charged")
    assert charged["variable"]["AU"] == [ITEMS[0]]
    assert ask("item_information", ITEMS[0])["fixed"]["CirculationStatus"] == "04"
    assert ask("renew", ITEMS[0])["fixed"]["Ok"] == "1"
    assert ask("checkin", ITEMS[0])["fixed"]["Ok"] == "1"
    assert "AU" not in ask("patron_information", "charged")["variable"]
    assert ask("end_patron_session")["fixed"]["EndSession"] == "Y"


def test_the_other_codec_reads_every_reply_of_the_server(address: Address) -> None:
    owe(WANG, "3.50")
    messages: list[Message] = [
        requests.StatusRequest("0", "080", "2.00"),
        *(asking.status(patron, pin) for patron in (ZHANG, LOST, "NOBODY") for pin in (PIN, "", "wrong")),
        *(asking.information(WANG, " " * place + "Y" + " " * (9 - place)) for place in range(10)),
        asking.checkout(ITEMS[0]),
        asking.checkout(ITEMS[0], LOST),
        asking.checkout("NOTHING"),
        asking.item(ITEMS[0]),
        asking.item("NOTHING"),
        asking.renew(ITEMS[0]),
        asking.renew(ITEMS[0], WANG),
        requests.RenewAllRequest(today(), "DX", ZHANG),
        asking.hold("+", ITEMS[0], WANG, hold_type="3", pickup="HC"),
        asking.hold("+", ITEMS[0], WANG, hold_type="3"),
        asking.checkin(ITEMS[0]),
        asking.checkin("NOTHING"),
        asking.item(ITEMS[0]),
        asking.hold("-", ITEMS[0], WANG),
        asking.paid("1.00", WANG),
        asking.paid("1.00", "NOBODY"),
        requests.ItemStatusUpdateRequest(today(), "DX", ITEMS[0], "wet"),
        requests.ItemStatusUpdateRequest(today(), "DX", "NOTHING", "wet"),
        requests.BlockPatronRequest(
            card_retained=False, date=today(), institution="", reason="", patron=ZHANG, terminal_password=""
        ),
        requests.PatronEnableRequest(today(), "DX", ZHANG),
        requests.PatronEnableRequest(today(), "DX", "NOBODY"),
        asking.end(),
        requests.ResendRequest(),
        requests.LoginRequest("0", "0", "gmd-1", "wrong"),
    ]
    seen = set()
    for account, encoding in (("gmd-1", "utf-8"), ("gmd-gbk", "gb18030")):
        with Wire(address, account=account, encoding=encoding) as wire:
            for message in messages:
                wire.send(wire.sealed(message))
                line = wire.line() + b"\r"
                decoded = decode_message(line, encoding=encoding)
                assert decoded.checksum is not None
                seen.add(type(decoded.message).__name__)
            assert decode_message(wire.raw(b"97AZ0000") + b"\r").message
    assert len(seen) >= 14


def test_an_old_terminal_reads_ascii_of_the_old_code_page(address: Address) -> None:
    Device.objects.filter(account="dx-1").update(encoding="cp850")
    with Wire(address, account="dx-1", encoding="cp850") as wire:
        reply = wire.ask(asking.item(ITEMS[0]), replies.ItemInformationReply)
        assert reply.title == "?? : ????"
