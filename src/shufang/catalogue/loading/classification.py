"""Main classes: the 22 of the Chinese Library Classification, and a table that gives LCC numbers one of them.

The tables are data (data/*.csv). The mapping from LCC is by class letters and whole-number ranges; the narrowest range
wins. It is meant for a facet, not for a shelf.
"""

import csv
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_CLC = re.compile(r"\s*\[?([A-KN-VXZ])(?:[A-Z]{0,2}[0-9]|[A-Z]?\s*$|-)")
_LCC = re.compile(r"\s*([A-Z]{1,3})\s*([0-9]{0,5})")


class MainClassRow(NamedTuple):
    """One main class with its names in both languages."""

    letter: str
    name: str
    name_en: str


class _Range(NamedTuple):
    first: int
    last: int
    clc: str


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((files(__package__) / "data" / name).read_text("utf-8").splitlines()))


@cache
def main_classes() -> tuple[MainClassRow, ...]:
    """Return the 22 main classes of CLC in their order."""
    return tuple(MainClassRow(row["letter"], row["name"], row["name_en"]) for row in _rows("clc_main_classes.csv"))


@cache
def _lcc_ranges() -> dict[str, list[_Range]]:
    ranges: dict[str, list[_Range]] = {}
    for row in _rows("lcc_to_clc.csv"):
        whole = _Range(int(row["first"] or 0), int(row["last"] or 99_999), row["clc"])
        ranges.setdefault(row["lcc"], []).append(whole)
    for each in ranges.values():
        each.sort(key=lambda one: one.last - one.first)
    return ranges


def clc_main_class(number: str) -> str:
    """Return the main class letter of a CLC number (`I247.5`, `TP311`), or the empty string when it is none."""
    found = _CLC.match(number)
    return found.group(1) if found else ""


def lcc_main_class(number: str) -> str:
    """Return the CLC main class of an LCC number (`PL2274.2`), or the empty string when its letters are not known."""
    found = _LCC.match(number)
    if not found:
        return ""
    letters = found.group(1)
    place = int(found.group(2) or 0)
    ranges = _lcc_ranges()
    while letters:
        for one in ranges.get(letters, ()):
            if one.first <= place <= one.last:
                return one.clc
        letters = letters[:-1]
    return ""
