"""The simulated pad: what it tells the kiosk's page, and the hand that plays with it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from shufang.circulation.pad.books import books_of
from shufang.circulation.pad.pad import Pad, tag_of
from shufang.circulation.pad.simulator import PadSimulator
from shufang.demo.cast import settle
from shufang.kernel import clock

ONE, TWO = "DX00000001", "DX00000002"
BOOKS = [{"barcode": ONE, "title": "童贯", "state": "here"}, {"barcode": TWO, "title": "诗论", "state": "out"}]


def book(barcode: str) -> dict[str, str]:
    return {"tag": tag_of(barcode), "barcode": barcode}


def test_a_tag_looks_like_one_and_is_each_books_own() -> None:
    assert tag_of(ONE) == tag_of(ONE) != tag_of(TWO)
    assert tag_of(ONE).startswith("E0")
    assert len(bytes.fromhex(tag_of(ONE))) == 8


def test_several_books_at_once_and_each_once() -> None:
    pad = Pad()
    assert pad.lay([ONE, TWO]) == [{"type": "on", "books": [book(ONE), book(TWO)]}]
    assert pad.lay([ONE]) == []
    assert pad.hear({"type": "hello", "version": 1}) == [
        {"type": "hello", "version": 1, "books": [book(ONE), book(TWO)]}
    ]
    assert pad.lift([ONE, "X"]) == [{"type": "off", "tags": [tag_of(ONE)]}]
    assert pad.lift([ONE]) == []


def test_the_gate_is_told_while_the_book_lies_there() -> None:
    pad = Pad()
    pad.lay([ONE])
    off = {"type": "secure", "tag": tag_of(ONE), "on": False}
    assert pad.hear(off) == [{"type": "secured", "tag": tag_of(ONE), "on": False, "ok": True}]
    assert pad.may_pass == {tag_of(ONE)}
    pad.hear({**off, "on": True})
    assert pad.may_pass == set()
    pad.lift([ONE])
    assert pad.hear(off)[0]["ok"] is False
    assert pad.may_pass == set()


def test_what_is_not_understood_is_not_answered() -> None:
    assert Pad().hear({"type": "open_the_gate"}) == []
    assert Pad().hold("") == []


@pytest.fixture
def simulator() -> Iterator[PadSimulator]:
    running = PadSimulator(lambda: BOOKS, ["D0000001"])
    running.start()
    yield running
    running.stop()


def say(line: ClientConnection, **message: object) -> None:
    line.send(json.dumps(message))


def hear(line: ClientConnection) -> dict[str, object]:
    told: dict[str, object] = json.loads(line.recv(5))
    return told


def test_page_and_hand_meet(simulator: PadSimulator) -> None:
    with connect(simulator.address) as page, connect(simulator.address + "/hand") as hand:
        shown = hear(hand)
        assert (shown["lying"], shown["cards"]) == ([], ["D0000001"])
        say(page, type="hello", version=1)
        assert hear(page)["books"] == []
        say(hand, type="hold", number="D0000001")
        assert hear(page) == {"type": "card", "number": "D0000001"}
        say(hand, type="lay", barcodes=[ONE, "OTHER"])
        assert hear(page) == {"type": "on", "books": [book(ONE), book("OTHER")]}
        say(page, type="secure", tag=tag_of(ONE), on=False)
        assert hear(page)["ok"] is True
        assert not simulator.rings_for(ONE)
        assert simulator.rings_for("OTHER")
        say(hand, type="spoil")
        assert hear(page) == {"type": "unreadable"}
        say(hand, type="lift", barcodes=[ONE])
        assert hear(page) == {"type": "off", "tags": [tag_of(ONE)]}
        page.send("no JSON")
        page.send("[]")
        say(page, type="hello")
        assert hear(page)["books"] == [book("OTHER")]
        say(hand, type="look")
        while (shown := hear(hand))["lying"] != [{"barcode": "OTHER", "title": "OTHER", "passes": False}]:
            pass
        assert shown["books"] == [{**BOOKS[0], "passes": True}, {**BOOKS[1], "passes": False}]


def test_pages_of_other_sites_are_not_spoken_to(simulator: PadSimulator) -> None:
    with connect(simulator.address, origin=Origin("http://127.0.0.1:8000")) as page:
        say(page, type="hello")
        assert hear(page)["type"] == "hello"
    for stranger in ("https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example"):
        with pytest.raises(InvalidStatus), connect(simulator.address, origin=Origin(stranger)):
            pass


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/hand.js", 200), ("/hand.css", 200), ("/../pad.py", 404)])
def test_its_page(simulator: PadSimulator, path: str, status: int) -> None:
    line = HTTPConnection(simulator.address.removeprefix("ws://"), timeout=5)
    line.request("GET", path)
    response = line.getresponse()
    assert response.status == status
    assert "default-src 'none'" in (response.getheader("Content-Security-Policy") or "")
    line.close()


@pytest.mark.django_db
def test_what_lies_at_hand() -> None:
    settle(clock.now())
    books = books_of("GMD")
    assert {"barcode": ONE, "title": "童贯", "state": "here"} in books
    assert "DX00000201" in {book["barcode"] for book in books if book["state"] == "out"}
    assert books_of("NOWHERE") == []


def test_as_a_program_it_says_ready_and_ends_on_sigterm(tmp_path: Path) -> None:
    environment = {**os.environ, "SHUFANG_DATA": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    arguments = [sys.executable, "-m", "shufang", "pad", "--port", "0"]
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Ready: pad (simulator) on ws://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
