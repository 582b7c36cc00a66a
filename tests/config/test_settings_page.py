"""docs/settings.md lists every variable, and a wrong value stops the start with a sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shufang.config import environment

REPOSITORY = Path(__file__).resolve().parent.parent.parent
READ = re.compile(r'env\.read\(\s*"([A-Z0-9_]+)"')


def variables() -> set[str]:
    """Return the variables that the settings read."""
    return set(READ.findall((REPOSITORY / "src/shufang/config/settings.py").read_text(encoding="utf-8")))


def test_the_page_lists_every_variable_and_no_other() -> None:
    page = (REPOSITORY / "docs/settings.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", page, re.MULTILINE))
    assert len(listed) > 20
    assert listed == variables()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SHUFANG_HTTP_PORT", "80000", "a port is a number from 0 to 65535"),
        ("SHUFANG_DEBUG", "maybe", "write 1 or 0"),
        ("DATABASE_URL", "mysql://x/y", "it begins with postgresql://"),
        ("SHUFANG_TIME_ZONE", "Mars", "no time zone has this name"),
        ("SHUFANG_MAIL_URL", "mail.example", "smtp://"),
        ("SHUFANG_SIP2_CERTIFICATE", "/nowhere.pem", "there is no such file"),
        ("SHUFANG_JOBS_SECONDS", "1", "from 10 to 86400"),
        ("SHUFANG_CARD_AUTHORITY", "centre", "set SHUFANG_CARD_CENTRE_URL and SHUFANG_CARD_CENTRE_KEY"),
        ("SHUFANG_CARD_CENTRE_URL", "cards.example", "write http:// or https://"),
        ("SHUFANG_TRUSTED_ORIGINS", "foo", "foo is no origin"),
        ("SHUFANG_ALLOWED_HOSTS", ",", "it names nothing"),
        ("SHUFANG_PROXY", "abc", "write an IP address"),
        ("SHUFANG_MAIL_FROM", "x", "write an address"),
        ("SHUFANG_BACKUPS", "/proc/zz", "cannot be made in /proc"),
        ("SHUFANG_CARD_CENTRE_KEY", "short", "at least 32 signs"),
    ],
)
def test_a_wrong_value_is_a_plain_sentence(tmp_path: Path, name: str, value: str, says: str) -> None:
    environment = {**os.environ, "SHUFANG_DATA": str(tmp_path), name: value}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", "import shufang.config.settings"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert name in done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_secret_is_not_shown(tmp_path: Path) -> None:
    environment = {**os.environ, "SHUFANG_DATA": str(tmp_path), "SHUFANG_CARD_CENTRE_KEY": "not-long-enough"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", "import shufang.config.settings"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert "not-long-enough" not in done.stderr


def test_an_unknown_setting_is_a_warning_that_names_the_nearest() -> None:
    environment.read("SHUFANG_TIME_ZONE", "", str, {})
    told = environment.unknown({"SHUFANG_TIMEZONE": "UTC", "SHUFANG_TIME_ZONE": "UTC", "SHUFANG_TEST_DATA": "x"})
    assert told == ["SHUFANG_TIMEZONE is no setting. Is SHUFANG_TIME_ZONE meant?"]


def test_an_empty_value_counts_as_not_set() -> None:
    assert environment.read(
        "SHUFANG_TIME_ZONE", "Asia/Shanghai", environment.time_zone, {"SHUFANG_TIME_ZONE": " "}
    ) == ("Asia/Shanghai")
