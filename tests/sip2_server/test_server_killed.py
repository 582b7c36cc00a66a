"""A server killed between commit and reply: the terminal asks again and gets one effect and a truthful answer."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from shufang.circulation.models import Event, Loan
from shufang.sip2 import replies
from shufang.sip2_server.server import Address
from tests.sip2_server import asking
from tests.sip2_server.cast import ITEMS
from tests.sip2_server.conftest import Starter
from tests.sip2_server.wire import Wire

PROGRAM = """
    import os, signal, sys
    import django
    from django.conf import settings
    from pathlib import Path

    django.setup()
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    from django.db import connections
    connections["default"].settings_dict["NAME"] = sys.argv[1]

    from shufang.sip2_server import engine
    from shufang.sip2_server.configuration import Configuration, Listener
    from shufang.sip2_server.server import serve

    deliver = engine.Engine._deliver

    def die_after_a_change(self, done):
        if any(outcome.body[:2] in {b"12", b"10"} for _, outcome in done):
            os.kill(os.getpid(), signal.SIGKILL)
        deliver(self, done)

    engine.Engine._deliver = die_after_a_change
    serve(
        Configuration((Listener("127.0.0.1", 0),), Path(sys.argv[2])),
        lambda addresses: print(addresses[0].port, flush=True),
    )
"""


@pytest.fixture
def doomed(start_server: Starter, tmp_path: Path) -> "subprocess.Popen[str]":
    """Return a server process on the same database that dies after its first commit, before it answers."""
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "shufang.config.settings",
        "SHUFANG_DATA": str(settings.SHUFANG_DATA),
    }
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), name, str(tmp_path / "status.json")],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


# Scenario 3
@pytest.mark.parametrize("verb", ["checkout", "checkin"])
def test_killed_between_commit_and_reply(doomed: "subprocess.Popen[str]", start_server: Starter, verb: str) -> None:
    assert doomed.stdout is not None
    address = Address("127.0.0.1", int(doomed.stdout.readline()), is_tls=False)
    request = asking.checkout(ITEMS[0]) if verb == "checkout" else asking.checkin(ITEMS[0])
    with Wire(address) as wire:
        line = wire.sealed(request, "1")
        wire.send(line)
        assert wire.line() == b""
    assert doomed.wait(10) == -9
    assert Event.objects.filter(verb=verb).count() == 1
    with Wire(start_server().addresses[0]) as wire:
        for _ in range(2):
            reply = wire.exchange(wire.sealed(request, "1")).message
            assert isinstance(reply, replies.CheckoutReply | replies.CheckinReply)
            assert reply.ok
    assert Event.objects.filter(verb=verb).count() == 1
    assert Loan.objects.count() == (1 if verb == "checkout" else 0)
