"""The simulated document reader and card printer: what it says, and to whom."""

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

from shufang.kernel.refusal import Refusal
from shufang.patrons.identity import IdentityKind, birth_date_of, check_number
from shufang.registration.card_station.documents import DOCUMENTS
from shufang.registration.card_station.simulator import StationSimulator
from shufang.registration.card_station.station import Station


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_invented_documents_are_what_they_say(name: str) -> None:
    document = DOCUMENTS[name]
    kind, number = IdentityKind(str(document["kind"])), str(document["number"])
    refusal = check_number(kind, number)
    if name == "forged":
        assert isinstance(refusal, Refusal)
        return
    assert refusal is None
    assert (birth_date_of(kind, number) or document["birth_date"]).__str__() == document["birth_date"]


def test_a_document_is_read_once_and_only_when_one_is_wanted() -> None:
    station = Station()
    assert station.lay(DOCUMENTS["lin"]) == []
    station.hear({"type": "read", "on": True})
    assert station.lay(DOCUMENTS["lin"]) == [{"type": "document", **DOCUMENTS["lin"]}]
    assert station.lay(DOCUMENTS["he"]) == []
    station.hear({"type": "read", "on": True})
    assert station.lay(None) == [{"type": "unreadable"}]


def test_a_card_is_printed_once_whatever_is_lost() -> None:
    station = Station(blanks=2)
    first = station.hear({"type": "print", "key": "a", "number": "D1"})
    assert first == [{"type": "printed", "key": "a", "blanks": 1}]
    assert station.hear({"type": "print", "key": "a", "number": "D1"}) == first
    assert station.hear({"type": "print", "key": "b", "number": "D2"})[0]["blanks"] == 0
    assert station.hear({"type": "print", "key": "c", "number": "D3"}) == [
        {"type": "not_printed", "key": "c", "reason": "no_blanks", "blanks": 0}
    ]
    assert station.printed == ["D1", "D2"]


def test_a_jammed_printer_says_so() -> None:
    station = Station(blanks=5)
    assert station.stock(5, is_jammed=True) == [{"type": "printer", "printer": "jammed", "blanks": 5}]
    assert station.hear({"type": "print", "key": "a", "number": "D1"})[0]["reason"] == "jammed"


def test_what_is_not_understood_is_not_answered() -> None:
    assert Station().hear({"type": "open_the_safe"}) == []


@pytest.fixture
def simulator() -> Iterator[StationSimulator]:
    running = StationSimulator(blanks=3)
    running.start()
    yield running
    running.stop()


def say(line: ClientConnection, **message: object) -> None:
    line.send(json.dumps(message))


def hear(line: ClientConnection) -> dict[str, object]:
    told: dict[str, object] = json.loads(line.recv(5))
    return told


def test_page_and_hand_meet(simulator: StationSimulator) -> None:
    with connect(simulator.address) as page, connect(simulator.address + "/hand") as hand:
        assert hear(hand)["reading"] is False
        say(page, type="hello", version=1)
        assert hear(page) == {"type": "hello", "version": 1, "reader": True, "printer": "ready", "blanks": 3}
        say(page, type="read", on=True)
        while not hear(hand)["reading"]:
            pass
        say(hand, type="lay", document="lin")
        assert hear(page) == {"type": "document", **DOCUMENTS["lin"]}
        say(page, type="print", key="k", number="D5000001")
        assert hear(page) == {"type": "printed", "key": "k", "blanks": 2}
        say(hand, type="stock", blanks=0)
        assert hear(page) == {"type": "printer", "printer": "no_blanks", "blanks": 0}
        page.send("no JSON")
        page.send("[]")
        say(page, type="hello")
        assert hear(page)["blanks"] == 0


def test_the_hand_is_told_no_number_of_a_document(simulator: StationSimulator) -> None:
    with connect(simulator.address + "/hand") as hand:
        assert "number" not in json.dumps(hear(hand))


def test_pages_of_other_sites_are_not_spoken_to(simulator: StationSimulator) -> None:
    with connect(simulator.address, origin=Origin("http://127.0.0.1:8000")) as page:
        say(page, type="hello")
        assert hear(page)["type"] == "hello"
    for stranger in ("https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example"):
        with pytest.raises(InvalidStatus), connect(simulator.address, origin=Origin(stranger)):
            pass


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/hand.js", 200), ("/hand.css", 200), ("/../station.py", 404)]
)
def test_its_page(simulator: StationSimulator, path: str, status: int) -> None:
    line = HTTPConnection(simulator.address.removeprefix("ws://"), timeout=5)
    line.request("GET", path)
    response = line.getresponse()
    assert response.status == status
    assert "default-src 'none'" in (response.getheader("Content-Security-Policy") or "")
    line.close()


def test_as_a_program_it_says_ready_and_ends_on_sigterm(tmp_path: Path) -> None:
    environment = {**os.environ, "SHUFANG_DATA": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    arguments = [sys.executable, "-m", "shufang", "card_station", "--port", "0", "--blanks", "1"]
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Ready: card station (simulator) on ws://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
