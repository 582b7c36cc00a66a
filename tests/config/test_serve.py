"""`shufang serve`: it starts only when all is well, and ends cleanly."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.config.conftest import House, until

NO_DEMONSTRATION = """
from shufang.accounts.models import User
from shufang.branches.models import Device
Device.objects.update(is_enabled=False)
User.objects.update(is_active=False)
"""
PORTS = ("--http-port", "0", "--sip2-port", "0")


@contextmanager
def serving(house: House, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield a running server and its Ready line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "shufang", "serve", *PORTS],
        env=house.environment(**more),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Ready: "), line
        yield process, line
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def web_of(line: str) -> str:
    found = re.search(r"http://[\d.]+:\d+/", line)
    assert found
    return found.group()


def children_of(process: subprocess.Popen[str]) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


# Scenario 33
def test_it_answers_and_ends_cleanly(house: House) -> None:
    house.python(NO_DEMONSTRATION)
    with serving(house) as (process, line):
        with urllib.request.urlopen(f"{web_of(line)}health/?format=json", timeout=20) as answer:
            told = json.loads(answer.read())
        assert told["parts"]["sip2"]["state"] == "well"
        found = re.search(r"SIP2 on ([\d.]+):(\d+)", line)
        assert found
        with socket.create_connection((found[1], int(found[2])), 20) as terminal:
            terminal.sendall(b"9300CNnobody|COno|\r")
            assert terminal.recv(100).startswith(b"940")
        again = house.run("serve", *PORTS)
        assert again.returncode == 2
        assert "A server runs on" in again.stderr
        assert "A server runs on" in house.run("upgrade").stderr
        children = children_of(process)
        assert len(children) == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_a_part_that_dies_is_started_again_and_none_outlives_the_parent(house: House) -> None:
    house.python(NO_DEMONSTRATION)
    with serving(house) as (process, line):
        before = children_of(process)
        jobs = next(pid for pid in before if b"jobs" in Path(f"/proc/{pid}/cmdline").read_bytes())
        subprocess.run(["kill", "-9", str(jobs)], check=True)
        until(lambda: jobs not in children_of(process) and len(children_of(process)) == 3)
        last = children_of(process)
        process.kill()
        process.wait()
        until(lambda: not any(_is_alive(child) for child in last))
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(web_of(line), timeout=5)


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


# Scenario 32
def test_it_does_not_start_with_the_accounts_of_the_demonstration(house: House) -> None:
    done = house.run("serve", *PORTS)
    assert done.returncode == 2
    assert "gmd-1" in done.stderr
    assert "librarian" in done.stderr
    assert "Traceback" not in done.stderr


# Scenario 32
def test_it_does_not_start_without_tables_or_with_migrations_waiting(house: House, empty_house: House) -> None:
    done = empty_house.run("serve", *PORTS)
    assert done.returncode == 2
    assert "shufang upgrade" in done.stderr
    house.run("migrate", "notices", "zero")
    done = house.run("serve", *PORTS)
    assert done.returncode == 2
    assert "older version" in done.stderr


# Scenario 32
@pytest.mark.parametrize("which", ["--http-port", "--sip2-port"])
def test_a_busy_port_is_a_sentence(house: House, which: str) -> None:
    house.python(NO_DEMONSTRATION)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        other = "--sip2-port" if which == "--http-port" else "--http-port"
        done = house.run("serve", which, port, other, "0")
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_behind_https_only_the_proxys_word_counts(house: House) -> None:
    house.python(NO_DEMONSTRATION)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: object) -> None:
            return None

    opener = urllib.request.build_opener(Stay)
    with serving(house, SHUFANG_HTTPS="1") as (_process, line):
        with pytest.raises(urllib.error.HTTPError) as plain:
            opener.open(web_of(line), timeout=20)
        assert plain.value.code == 301
        assert plain.value.headers["Location"].startswith("https://")
        secure = urllib.request.Request(web_of(line), headers={"X-Forwarded-Proto": "https"})
        with opener.open(secure, timeout=20) as answer:
            assert answer.status == 200
            assert "max-age" in answer.headers["Strict-Transport-Security"]
