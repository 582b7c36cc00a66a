"""What the server tells of itself: log lines, the status file, the commands, a clean end."""

import json
import logging
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from shufang.kernel import clock
from shufang.sip2 import replies
from shufang.sip2_server.board import Latencies, read_status
from shufang.sip2_server.configuration import Configuration, ConfigurationError, Listener
from shufang.sip2_server.server import start
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS, PIN, TITLE, ZHANG, settle
from tests.sip2_server.conftest import Starter
from tests.sip2_server.wire import Wire


def test_one_line_a_message_without_secrets_and_names(start_server: Starter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "shufang.sip2.messages"):
        server = start_server()
        with Wire(server.addresses[0]) as wire:
            wire.ask(asking.status(), replies.PatronStatusReply)
            line = wire.sealed(asking.checkout(ITEMS[0]))
            wire.exchange(line)
            wire.exchange(line)
            wire.ask(asking.checkout("NOTHING"), replies.CheckoutReply)
            wire.raw(b"zz")
        server.stop()
    lines = [
        line
        for record in caplog.records
        if record.name == "shufang.sip2.messages"
        for line in record.getMessage().split("\n")
    ]
    told = [json.loads(line) for line in lines]
    assert [(row["message"], row["reply"], row["code"], row.get("repeat", False)) for row in told] == [
        ("93", "94", "", False),
        ("23", "24", "", False),
        ("11", "12", "", False),
        ("11", "12", "", True),
        ("11", "12", "item_unknown", False),
        ("zz", "96", "unknown_code", False),
    ]
    assert all(row["account"] == "gmd-1" and row["ms"] > 0 for row in told)
    assert re.fullmatch("[0-9a-f]{16}", told[1]["card"])
    assert not any("card" in row for row in told if row["message"] == "11")
    for secret in ("demo", PIN, ZHANG, ITEMS[0], TITLE, "张伟"):
        assert secret not in "\n".join(lines).replace("gmd-1", "")


def test_sessions_and_latencies_are_told(start_server: Starter, tmp_path: Path) -> None:
    file = tmp_path / "sip2_status.json"
    assert read_status(file, clock.now()) is None
    server = start_server(refresh_seconds=0.05)
    with Wire(server.addresses[0]) as wire, Wire(server.addresses[0], account=""):
        wire.ask(asking.item(ITEMS[0]), replies.ItemInformationReply)
        for _ in range(200):
            status = read_status(file, clock.now())
            if status is not None and "17" in json.dumps(status.told["messages"]) and status.connections == 2:
                break
            time.sleep(0.02)
        assert status is not None
        assert (status.is_running, status.connections, status.sessions) == (True, 2, 1)
        assert status.told["accounts"] == {"gmd-1": 1}
    server.stop()
    status = read_status(file, clock.now())
    assert status is not None
    assert (status.is_running, status.sessions) == (False, 0)


def test_a_line_that_closes_while_it_logs_in_leaves_no_session(start_server: Starter, tmp_path: Path) -> None:
    server = start_server()
    for _ in range(8):
        with Wire(server.addresses[0], account="") as wire:
            wire.send(b"9300CNgmd-1|COdemo|\r")
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no farewell
    with Wire(server.addresses[0]) as wire:  # logins are asked for in turn: the others' are over
        wire.ask(asking.item(ITEMS[0]), replies.ItemInformationReply)
    server.stop()
    status = read_status(tmp_path / "sip2_status.json", clock.now())
    assert status is not None
    assert (status.connections, status.sessions, status.told["accounts"]) == (0, 0, {})


def test_percentiles_are_right_to_a_quarter() -> None:
    latencies = Latencies()
    for number in range(1, 1001):
        latencies.add(number / 10_000, is_refusal=number % 10 == 0, is_repeat=False)
    assert latencies.refusals == 100
    assert 0.05 <= latencies.percentile(0.5) <= 0.05 * 1.25
    assert 0.099 <= latencies.percentile(0.99) <= 0.1


def test_a_busy_port_is_a_plain_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"cannot listen on 127.0.0.1:{port}"):
            start(Configuration((Listener("127.0.0.1", port),), tmp_path / "status.json"))
        with pytest.raises(CommandError) as refused:
            call_command("sip2", port=port)
        assert refused.value.returncode == 2


def test_the_command_serves_tells_and_ends_cleanly(transactional_db: None) -> None:
    """SIGTERM while a terminal is connected: what was asked is answered, the line is closed, status 0."""
    settle()
    program = (
        "import sys, django; django.setup(); from django.db import connections; "
        "connections['default'].settings_dict['NAME'] = sys.argv[1]; "
        "from django.core.management import call_command; call_command('sip2', port=0)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(connection.settings_dict["NAME"])],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "shufang.config.settings", "SHUFANG_DATA": str(settings.SHUFANG_DATA)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    ready = process.stdout.readline()
    found = re.fullmatch(r"Ready: SIP2 on 127\.0\.0\.1:([0-9]+)\n", ready)
    assert found, ready
    from shufang.sip2_server.server import Address

    with Wire(Address("127.0.0.1", int(found.group(1)), is_tls=False)) as wire:
        assert wire.ask(asking.checkout(ITEMS[0]), replies.CheckoutReply).ok
        out = StringIO()
        for _ in range(300):
            out = StringIO()
            with suppress(CommandError):
                call_command("sip2_status", stdout=out)
            if "gmd-1 (1)" in out.getvalue():
                break
            time.sleep(0.05)
        assert "gmd-1 (1)" in out.getvalue()
        wire.send(wire.sealed(asking.checkin(ITEMS[0])))
        process.send_signal(signal.SIGTERM)
        assert wire.line()[:3] in {b"101", b""}
        assert wire.line() == b""
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    with pytest.raises(CommandError, match="does not run"):
        call_command("sip2_status", "--json", stdout=StringIO())
