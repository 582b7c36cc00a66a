"""Invented cards of other libraries of the city, for a new file of the simulated centre. PIN 135790 for all."""

from datetime import date

from shufang.registration.authority.interface import CityAnswer
from shufang.registration.authority.simulator.books import Books

PIN = "135790"
_LIBRARIES = {"SD": ("首都图书馆", "Capital Library"), "CY": ("朝阳区图书馆", "Chaoyang District Library")}
_CARDS = (
    ("SD0000001", "active", "adult", "SD", "孟凡", date(1991, 4, 2)),
    ("SD0000002", "lost", "adult", "SD", "贺兰", date(1979, 9, 30)),
    ("CY0000001", "active", "adult", "CY", "丁一", date(1986, 12, 11)),
    ("CY0000002", "active", "child", "CY", "丁小一", date(2018, 3, 8)),
)


def fill(books: Books) -> None:
    """Put the cards into empty books."""
    for number, status, kind, library, name, born in _CARDS:
        name_zh, name_en = _LIBRARIES[library]
        card = CityAnswer(
            number=number,
            status=status,
            kind=kind,
            library=library,
            library_name=name_zh,
            library_name_en=name_en,
            name=name,
            birth_date=born,
            revision=0,
        )
        books.put(card, PIN)
