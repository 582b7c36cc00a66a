"""Backing up while everything runs, and restoring it whole or not at all."""

import json
import stat
from pathlib import Path

import pytest

from tests.config.conftest import House
from tests.config.test_keys import write_other_keys

LEND = """
import sys
from datetime import timedelta
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.checkin import Checkin, checkin
from shufang.demo.cast import machine
from shufang.kernel import clock
place = machine()
print("lending", flush=True)
while True:
    done = checkout(Checkout("D0000001", "DX00000010", place), clock.now())
    assert isinstance(done, CheckedOut), done
    checkin(Checkin("DX00000010", place), clock.now())
"""
COUNT = "from shufang.circulation.models import Event; print(Event.objects.count())"
RETURN = """
from shufang.circulation.checkin import Checkin, checkin
from shufang.demo.cast import machine
from shufang.kernel import clock
checkin(Checkin("DX00000201", machine()), clock.now())
"""
OPEN = "from shufang.circulation.models import Loan; print(Loan.objects.exclude(status='closed').count())"


def backed_up(house: House) -> Path:
    done = house.run("backup")
    assert done.returncode == 0, done.stderr
    return house.backups()[-1]


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def test_a_backup_is_whole_and_for_its_owner_alone(house: House) -> None:
    folder = backed_up(house)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["tables"]["circulation_loan"] == 6
    assert len(manifest["files"]) == 1
    keys = json.loads((house.folder / "keys.json").read_text())
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    for secret in keys.values():
        assert secret.encode() not in content
        assert bytes.fromhex(secret) not in content
    for name in manifest["files"]:
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_keys_go_to_another_place_and_one_is_told_where(house: House, tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    safe.mkdir()
    assert "nobody has copied them" in house.run("backup", "--to", str(tmp_path / "one")).stderr
    done = house.run("backup", "--to", str(tmp_path / "two"), "--keys-to", str(safe))
    assert done.returncode == 0, done.stderr
    (copy,) = safe.iterdir()
    assert copy.read_bytes() == (house.folder / "keys.json").read_bytes()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    again = house.run("backup", "--to", str(tmp_path / "three"))
    assert f"Last copy: {copy}" in again.stdout
    assert again.stderr == ""


def test_the_keys_are_not_copied_among_the_backups(house: House) -> None:
    done = house.run("backup", "--keys-to", str(house.folder / "backups"))
    assert done.returncode == 1
    assert "belong in another place" in done.stderr
    assert not list((house.folder / "backups").glob("*.json"))


def test_after_a_fire_backup_and_copied_keys_bring_everything_back(
    house: House, empty_house: House, tmp_path: Path
) -> None:
    safe = tmp_path / "safe"
    safe.mkdir()
    house.run("backup", "--keys-to", str(safe))
    folder = house.backups()[-1]
    lost = empty_house.run("restore", str(folder))
    assert lost.returncode == 1
    assert next(safe.iterdir()).name in lost.stderr
    done = empty_house.run("restore", str(folder), SHUFANG_KEY_COPIES=str(safe))
    assert done.returncode == 0, done.stderr
    assert (empty_house.folder / "keys.json").read_bytes() == (house.folder / "keys.json").read_bytes()
    assert empty_house.run("check_data").returncode == 0


def test_only_the_newest_are_kept_when_asked(house: House) -> None:
    first = backed_up(house)
    older = first.with_name("shufang-20200101-000000")
    first.rename(older)
    assert house.run("backup", "--keep", "1").returncode == 0
    assert older not in house.backups()
    assert len(house.backups()) == 1
    assert house.run("backup", "--keep", "0").returncode != 0


# Scenario 34
def test_a_backup_while_lending_goes_on_is_restored_and_keeps_every_rule(house: House) -> None:
    import subprocess
    import sys

    start = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'shufang.config.settings'; import django; django.setup()"
    lending = subprocess.Popen(
        [sys.executable, "-c", f"{start}\n{LEND}"], env=house.environment(), stdout=subprocess.PIPE, text=True
    )
    assert lending.stdout is not None
    try:
        assert lending.stdout.readline() == "lending\n"
        before = int(house.python(COUNT))
        folder = backed_up(house)
        assert lending.poll() is None
    finally:
        lending.kill()
        lending.wait()
        lending.stdout.close()
    after = int(house.python(COUNT))
    kept = json.loads((folder / "manifest.json").read_text())["tables"]["circulation_event"]
    assert before <= kept < after
    done = house.run("restore", str(folder))
    assert done.returncode == 0, done.stderr
    assert int(house.python(COUNT)) == kept
    assert house.run("check_data").returncode == 0


def test_what_happened_after_the_backup_is_gone_and_kept_aside(house: House) -> None:
    folder = backed_up(house)
    assert house.python(OPEN) == "6"
    house.python(RETURN)
    assert house.python(OPEN) == "5"
    done = house.run("restore", str(folder))
    assert done.returncode == 0, done.stderr
    assert "database of before is kept" in done.stdout
    assert house.python(OPEN) == "6"


# Scenario 35
@pytest.mark.parametrize("which", ["database", "missing", "manifest", "rows"])
def test_a_damaged_backup_changes_nothing(house: House, which: str) -> None:
    folder = backed_up(house)
    house.python(RETURN)
    (database,) = (path for path in folder.iterdir() if path.suffix in {".sqlite3", ".dump"})
    if which == "database":
        damage(database)
    elif which == "missing":
        database.unlink()
    elif which == "manifest":
        (folder / "manifest.json").write_text("{")
    else:
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["tables"]["circulation_loan"] += 1
        (folder / "manifest.json").write_text(json.dumps(manifest))
    done = house.run("restore", str(folder))
    assert done.returncode == 1
    assert "Nothing has changed." in done.stderr
    assert "Traceback" not in done.stderr
    assert house.python(OPEN) == "5"


def test_a_backup_of_a_newer_version_is_refused(house: House) -> None:
    folder = backed_up(house)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["migrations"].append("shop.0001_initial")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "newer Shufang" in house.run("restore", str(folder)).stderr


def test_other_keys_are_brought_back_only_when_asked(house: House, tmp_path: Path) -> None:
    folder = backed_up(house)
    keys = house.folder / "keys.json"
    old = keys.read_bytes()
    write_other_keys(keys)
    assert keys.read_bytes() != old
    assert "--keys FILE" in house.run("restore", str(folder)).stderr
    copy = tmp_path / "copy.json"
    write_other_keys(copy)
    assert "has not the keys of this backup either" in house.run("restore", str(folder), "--keys", str(copy)).stderr
    copy.write_bytes(old)
    assert house.run("restore", str(folder), "--keys", str(copy)).returncode == 0
    assert keys.read_bytes() == old
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600


def test_nothing_is_restored_while_somebody_uses_the_database(house: House) -> None:
    import subprocess
    import sys

    folder = backed_up(house)
    start = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'shufang.config.settings'; import django; django.setup()"
    hold = "from shufang.patrons.models import Patron; Patron.objects.count(); print('open', flush=True); input()"
    user = subprocess.Popen(
        [sys.executable, "-c", f"{start}\nfrom django.db import connection\n{hold}"],
        env=house.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert user.stdout is not None
        assert user.stdout.readline() == "open\n"
        done = house.run("restore", str(folder))
        assert done.returncode == 1
        assert "is in use" in done.stderr
    finally:
        user.communicate("\n")
    assert house.run("restore", str(folder)).returncode == 0


def test_a_place_that_cannot_be_written_is_a_sentence(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = house.run("backup", "--to", str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


# Scenario 36
def test_upgrade_backs_up_first_and_says_how_to_go_back(house: House) -> None:
    assert "of this version already" in house.run("upgrade").stdout
    assert house.backups() == []
    assert house.run("migrate", "notices", "zero").returncode == 0
    done = house.run("upgrade")
    assert done.returncode == 0, done.stderr
    (folder,) = house.backups()
    assert "Migrated" in done.stdout
    assert f"shufang restore {folder}" in done.stdout


def test_upgrade_makes_the_tables_of_an_empty_house(empty_house: House) -> None:
    done = empty_house.run("upgrade")
    assert done.returncode == 0, done.stderr
    assert "keeps every rule" in done.stdout
    assert empty_house.backups() == []


def test_upgrade_migrates_nothing_when_the_backup_fails(house: House, tmp_path: Path) -> None:
    assert house.run("migrate", "notices", "zero").returncode == 0
    (tmp_path / "file").write_text("x")
    done = house.run("upgrade", "--to", str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert "Nothing has been migrated." in done.stderr
    assert "0001_initial" in house.run("showmigrations", "notices", "--plan").stdout
