"""The solar terms of an almanac."""

from datetime import date

import pytest

from shufang.branches.solar_terms import ENGLISH, solar_terms


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 22), "小雪"),
        (date(2026, 12, 22), "冬至"),
        (date(2024, 2, 4), "立春"),
        (date(2027, 4, 5), "清明"),
        (date(2031, 6, 21), "夏至"),
    ],
)  # as the Purple Mountain Observatory prints them
def test_a_term_stands_on_its_day(day: date, name: str) -> None:
    assert solar_terms(day, day) == ((day, name),)


def test_a_year_has_24_and_each_has_an_english_name() -> None:
    names = [name for _, name in solar_terms(date(2026, 1, 1), date(2026, 12, 31))]
    assert len(names) == len(set(names)) == 24
    assert set(names) == set(ENGLISH)
