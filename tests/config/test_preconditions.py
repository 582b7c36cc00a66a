"""What every command looks at before it begins, and how it ends when nobody reads on."""

import signal
import subprocess
import sys
import time

import pytest

from tests.config.conftest import House
from tests.config.test_serve import NO_DEMONSTRATION

READY = (("sip2", "--port", "0"), ("search", "x"), ("check_data",), ("run_jobs",), ("load_marc", "/dev/null"))


@pytest.mark.parametrize("command", READY, ids=lambda command: command[0])
def test_a_database_without_tables_is_a_sentence(empty_house: House, command: tuple[str, ...]) -> None:
    done = empty_house.run(*command)
    assert done.returncode == 2
    assert done.stderr == "The database is empty. Make its tables with: shufang upgrade\n"
    assert not (empty_house.folder / "shufang.sqlite3").exists()


def test_a_database_of_an_older_version_is_a_sentence(house: House) -> None:
    house.run("migrate", "notices", "zero")
    for command in (("sip2", "--port", "0"), ("run_jobs",)):
        done = house.run(*command)
        assert done.returncode == 2
        assert done.stderr.startswith("The database is of an older version (")


@pytest.mark.parametrize("command", ["serve", "migrate", "upgrade", "search"])
def test_a_server_that_does_not_answer_is_a_sentence_within_seconds(house: House, command: str) -> None:
    begin = time.monotonic()
    arguments = (command, "x") if command == "search" else (command,)
    done = house.run(*arguments, DATABASE_URL="postgresql://nobody:hush@127.0.0.1:1/none")
    assert time.monotonic() - begin < 15
    assert done.returncode == 2
    assert "Connection refused" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hush" not in done.stderr


def test_the_sip2_server_refuses_the_accounts_of_the_demonstration_and_starts_without_them(house: House) -> None:
    done = house.run("sip2", "--port", "0")
    assert done.returncode == 2
    assert "SIP2 account gmd-1" in done.stderr
    assert "Ready" not in done.stdout
    house.python(NO_DEMONSTRATION)
    command = [sys.executable, "-m", "shufang", "sip2", "--port", "0"]
    process = subprocess.Popen(command, env=house.environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Ready: SIP2 on ")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert process.returncode == 0


def test_who_reads_no_further_gets_no_traceback(house: House) -> None:
    command = [sys.executable, "-m", "shufang", "search", "x"]
    process = subprocess.Popen(command, env=house.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 128 + signal.SIGPIPE


def test_help_needs_no_database(empty_house: House) -> None:
    done = empty_house.run("search", "--help")
    assert done.returncode == 0
    assert "WORDS" in done.stdout
