"""The keys outside the database: made for an empty one only, never exchanged unseen."""

import json
import secrets
import stat
from pathlib import Path

import pytest

from tests.config.conftest import House
from tests.config.test_serve import NO_DEMONSTRATION, PORTS

NAMES = ("secret_key", "pin_key", "identity_key", "log_key")


def write_other_keys(path: Path) -> None:
    path.write_text(json.dumps({name: secrets.token_hex(32) for name in NAMES}))


@pytest.mark.parametrize("command", [("serve", *PORTS), ("sip2", "--port", "0"), ("run_jobs",), ("search", "x")])
def test_lost_keys_are_not_made_anew(house: House, command: tuple[str, ...]) -> None:
    keys = house.folder / "keys.json"
    keys.unlink()
    done = house.run(*command)
    assert done.returncode == 2
    assert f"there is no key file {keys}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not keys.exists()


def test_other_keys_are_refused_by_all(house: House, tmp_path: Path) -> None:
    house.python(NO_DEMONSTRATION)
    other = tmp_path / "other.json"
    write_other_keys(other)
    for command in (("serve", *PORTS), ("sip2", "--port", "0"), ("upgrade",), ("backup",), ("load_marc", "/dev/null")):
        done = house.run(*command, SHUFANG_KEYS=str(other))
        assert done.returncode == 2, command
        assert f"The keys in {other} are not those of the database" in done.stderr
        assert "Traceback" not in done.stderr
    assert house.backups() == []


def test_keys_that_are_gone_for_good_are_made_anew_at_ones_word(house: House) -> None:
    keys = house.folder / "keys.json"
    before = keys.read_bytes()
    keys.unlink()
    assert house.run("upgrade", SHUFANG_NEW_KEYS="1").returncode == 0
    assert keys.read_bytes() != before
    assert house.run("run_jobs").returncode == 0


def test_only_the_keys_of_pins_and_identities_are_held_against_the_database(house: House) -> None:
    keys = house.folder / "keys.json"
    told = json.loads(keys.read_text())
    keys.write_text(json.dumps({**told, "secret_key": secrets.token_hex(32), "log_key": secrets.token_hex(32)}))
    assert house.run("search", "x").returncode == 0
    keys.write_text(json.dumps({**told, "pin_key": secrets.token_hex(32)}))
    assert house.run("search", "x").returncode == 2


def test_no_folder_is_made_for_a_named_key_file(empty_house: House, tmp_path: Path) -> None:
    done = empty_house.run("upgrade", SHUFANG_KEYS=str(tmp_path / "mistyped" / "keys.json"))
    assert done.returncode == 2
    assert done.stderr.startswith("SHUFANG_KEYS=")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "mistyped").exists()


def test_a_file_of_something_else_is_no_key_file(empty_house: House) -> None:
    done = empty_house.run("upgrade", SHUFANG_KEYS="/etc/passwd")
    assert done.returncode == 2
    assert done.stderr.startswith("SHUFANG_KEYS='/etc/passwd' cannot be used: /etc/passwd is no key file")


def test_what_is_made_is_for_its_owner_alone(empty_house: House) -> None:
    assert empty_house.run("upgrade").returncode == 0
    made = [empty_house.folder, *empty_house.folder.rglob("*")]
    assert len(made) > 2
    assert [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
