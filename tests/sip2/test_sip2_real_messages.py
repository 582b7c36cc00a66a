"""178 messages of real systems: each is read, or refused for the reason that its row gives."""

import csv
import os
from pathlib import Path

import pytest

from shufang.sip2.codec import decode
from shufang.sip2.dialects import DIALECTS, UNKNOWN
from shufang.sip2.errors import DecodingError, Fault

DATA = Path(os.environ.get("SHUFANG_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
FILE = DATA / "sip2" / "sip2_messages.csv"


def _rows() -> list[dict[str, str]]:
    if not FILE.exists():
        return []
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _must_exist() -> None:
    if not FILE.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{FILE} is missing")
        pytest.skip(f"{FILE} is not on this machine")


def test_all_are_there() -> None:
    _must_exist()
    assert len(_rows()) == 178


def test_each_is_read_or_refused_as_its_row_says() -> None:
    _must_exist()
    for row in _rows():
        line, expected = row["message"].encode(), row["checksum"]
        try:
            received = decode(line, "utf-8", UNKNOWN)
        except DecodingError as refused:
            # One row's fixed part was collapsed by the web page that it was copied from.
            wanted = {Fault.FIXED_PART, Fault.TOO_SHORT} if expected == "none" else {Fault.BAD_CHECKSUM}
            assert refused.fault in wanted, row["message"]  # noqa: PT017
            assert expected in {"none", "does not match"}, row["message"]
            continue
        assert expected != "does not match", row["message"]
        assert received.has_checksum == expected.startswith("ok")
        assert row["message"].startswith(received.body.decode())


def test_the_chinese_system_needs_its_dialect() -> None:
    _must_exist()
    rows = [row["message"].encode() for row in _rows() if "NONSTANDARD" in row["checksum"]]
    assert len(rows) == 17
    for line in rows:
        assert decode(line, "utf-8", DIALECTS["dp2"]).sequence == "4"
        with pytest.raises(DecodingError):
            decode(line, "utf-8", DIALECTS["standard"])
