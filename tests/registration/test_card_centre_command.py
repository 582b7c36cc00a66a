"""`shufang card_centre` as a process: it says Ready, answers signed requests, is told how to behave, ends on SIGTERM."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shufang.kernel.identifiers import keyed_hash
from shufang.registration.authority.centre import CardCentre
from shufang.registration.authority.interface import Away, CityAnswer, PinSaid

SECRET = "a secret of the tests, long enough to be one"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    return {**kept, "SHUFANG_DATA": str(tmp_path), "SHUFANG_CARD_CENTRE_KEY": SECRET}


@pytest.fixture
def url(environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "shufang", "card_centre", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Ready: card centre (simulator) on http://127.0.0.1:")
    yield line.split()[-1]
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_it_answers_and_is_told_how_to_behave(url: str, environment: dict[str, str]) -> None:
    centre = CardCentre(url, "DX", keyed_hash(SECRET.encode(), b"requests"), 5)
    found = centre.look_up("CY0000001", "135790")
    assert isinstance(found, CityAnswer)
    assert (found.library_name, found.pin) == ("朝阳区图书馆", PinSaid.RIGHT)
    port = url.rsplit(":", 1)[1]

    def tell(mode: str) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-m", "shufang", "card_centre", "--port", port, "--tell", mode]
        return subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)

    told = tell("away")
    assert (told.returncode, told.stdout.strip()) == (0, "The card centre is away from now on.")
    assert isinstance(centre.look_up("CY0000001"), Away)
    assert tell("well").returncode == 0
    assert isinstance(centre.look_up("CY0000001"), CityAnswer)
    stranger = CardCentre(url, "DX", b"another key", 5)
    assert isinstance(stranger.look_up("CY0000001"), Away)


def test_without_a_key_it_does_not_start(environment: dict[str, str]) -> None:
    del environment["SHUFANG_CARD_CENTRE_KEY"]
    arguments = [sys.executable, "-m", "shufang", "card_centre", "--port", "0"]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "SHUFANG_CARD_CENTRE_KEY" in done.stderr
