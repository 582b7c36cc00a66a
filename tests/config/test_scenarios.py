"""Each numbered scenario of docs/scenarios.md has a test that is marked with its number, and no test a number of none."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def test_every_scenario_has_its_test() -> None:
    page = (REPOSITORY / "docs" / "scenarios.md").read_text(encoding="utf-8")
    told = [int(number) for number in re.findall(r"^(\d+)\. ", page, re.MULTILINE)]
    assert told == list(range(1, len(told) + 1))
    marked = {
        int(number)
        for path in (REPOSITORY / "tests").rglob("test_*.py")
        for number in re.findall(r"^ *# Scenario (\d+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert set(told) - marked == set()
    assert marked - set(told) == set()
