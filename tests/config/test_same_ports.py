"""Two servers on one port is told by the names of both settings; what others may read is told too."""

from pathlib import Path

import pytest
from django.conf import settings

from shufang.config.serving.preconditions import command_warnings, same_port_problems


@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        (("127.0.0.1", 6001), ("127.0.0.1", 6001), True),
        (("0.0.0.0", 6001), ("127.0.0.1", 6001), True),
        (("127.0.0.1", 6001), ("127.0.0.2", 6001), False),
        (("127.0.0.1", 0), ("127.0.0.1", 0), False),
        (("127.0.0.1", 8000), ("127.0.0.1", 6001), False),
    ],
)
def test_the_same_port_is_told_by_both_names(first: tuple[str, int], second: tuple[str, int], is_told: bool) -> None:
    told = same_port_problems((*first, "SHUFANG_HTTP_PORT"), (*second, "SHUFANG_SIP2_PORT"))
    assert told == (
        ["SHUFANG_HTTP_PORT and SHUFANG_SIP2_PORT are both 6001. Give one of them another port."] if is_told else []
    )


def test_a_database_that_others_may_read_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SHUFANG_DATA", tmp_path)
    monkeypatch.setattr(settings, "SHUFANG_KEYS_FILE", tmp_path / "keys.json")
    database = tmp_path / "shufang.sqlite3"
    database.touch(0o644)
    tmp_path.chmod(0o700)
    assert not any(str(database) in sentence for sentence in command_warnings())
    tmp_path.chmod(0o755)
    assert any(f"may read {database}" in sentence for sentence in command_warnings())
    database.chmod(0o600)
    assert not any(str(database) in sentence for sentence in command_warnings())
