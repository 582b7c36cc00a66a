"""`shufang demo` as a process: Ready when both answer, keeps its data, ends cleanly, tells a busy port plainly."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith(("SHUFANG_", "DJANGO_"))}
pytestmark = pytest.mark.sqlite
COMMAND = [sys.executable, "-m", "shufang", "demo"]


@contextmanager
def running(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Run a demonstration without history on free ports; give its process and its line beginning Ready."""
    command = [*COMMAND, "--data", str(folder), "--http-port", "0", "--sip2-port", "0", "--no-history"]
    process = subprocess.Popen(command, env=ENVIRON, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ready"):
                break
        assert lines, "it printed nothing"
        assert lines[-1].startswith("Ready"), lines
        assert "demonstration" in "".join(lines)
        yield process, lines[-1]
    finally:
        process.kill()
        process.wait()


def ask(line: str, *requests: str) -> list[str]:
    """Send SIP2 messages to the address in the line beginning Ready; return the replies."""
    found = re.search(r"SIP2 127\.0\.0\.1:([0-9]+)", line)
    assert found
    with socket.create_connection(("127.0.0.1", int(found[1])), 20) as sip2:
        stream = sip2.makefile("rwb")
        replies = []
        for request in requests:
            stream.write(request.encode() + b"\r")
            stream.flush()
            reply = b""
            while not reply.endswith(b"\r"):
                reply += stream.read(1)
            replies.append(reply.decode().strip())
        return replies


def the_jobs_have_run(web: str) -> bool:
    """Say whether the health page tells, within a minute, that every scheduled job has run."""
    for _ in range(300):
        with urlopen(f"{web}health/?format=json", timeout=20) as page:
            jobs = json.load(page)["parts"]["jobs"]
        if jobs["state"] == "well" and all(jobs.values()):
            return True
        time.sleep(0.2)
    return False


LOGIN = "9300CNgmd-1|COdemo|CPGMD|"
CHECKOUT = "11YN20260301    120000                  AOGMD|AAD0000001|ABDX00000001|AC|AD135790|"
PATRON = "6300120260301    120000          AOGMD|AAD0000001|AC|AD135790|"


# Scenario 31
def test_it_lends_keeps_and_ends(tmp_path: Path) -> None:
    with running(tmp_path) as (process, line):
        web = re.search(r"http://127\.0\.0\.1:[0-9]+/", line)
        assert web
        with urlopen(web[0], timeout=20) as page:
            assert page.status == 200
        assert [reply[:3] for reply in ask(line, LOGIN, CHECKOUT)] == ["941", "121"]
        assert the_jobs_have_run(web[0])
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    with running(tmp_path) as (process, line):
        login, patron = ask(line, LOGIN, PATRON)
        assert login == "941"
        charged = patron[37 + 8 : 37 + 12]
        assert charged == "0001", "the loan of the first run stands"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()
    assert "demonstration" in (tmp_path / "DEMONSTRATION.txt").read_text(encoding="utf-8")
    assert '"account":"gmd-1"' in (tmp_path / "sip2_messages.log").read_text(encoding="utf-8")


def test_a_second_one_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as (process, _line):
        command = [*COMMAND, "--data", str(tmp_path), "--http-port", "0", "--sip2-port", "0", "--no-history"]
        done = subprocess.run(command, env=ENVIRON, text=True, capture_output=True, timeout=60, check=False)
        assert done.returncode == 2
        assert f"A server runs on {tmp_path} (process {process.pid}). Stop it first." in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--http-port", "--sip2-port"])
def test_a_busy_port_is_a_plain_sentence(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*COMMAND, "--data", str(tmp_path), "--http-port", "0", "--sip2-port", "0", option, str(port)]
        done = subprocess.run(command, env=ENVIRON, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == [
        f"CommandError: Port {port} on 127.0.0.1 is in use. Choose another with {option}."
    ]


def test_a_folder_that_is_a_file_is_a_plain_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    done = subprocess.run(
        [*COMMAND, "--data", str(file)], env=ENVIRON, text=True, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert str(file) in done.stderr


def test_a_real_network_is_left_alone_and_named(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "shufang.sqlite3")
    with closing(database), database:
        database.execute("CREATE TABLE wp_posts (id integer)")
    command = [*COMMAND, "--data", str(tmp_path), "--http-port", "0", "--sip2-port", "0"]
    done = subprocess.run(command, env=ENVIRON, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f"The database of {tmp_path} holds something that is no demonstration, and was left alone." in done.stderr
    with closing(sqlite3.connect(tmp_path / "shufang.sqlite3")) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("wp_posts",)]
