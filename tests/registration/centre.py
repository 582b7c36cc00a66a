"""A card centre for tests, in this process, with its bad days; and our settings that lead to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from pytest_django import Settings

from shufang.kernel.identifiers import keyed_hash
from shufang.registration.authority.interface import CityAnswer
from shufang.registration.authority.simulator.books import Books
from shufang.registration.authority.simulator.modes import Mode
from shufang.registration.authority.simulator.service import CardCentreService
from shufang.registration.city_cards import know_card

SECRET = b"a secret of the tests, long enough to be one"
AWAY, WELL = Mode(is_away=True), Mode()
MENG = CityAnswer(
    "SD0000001", "active", "adult", "SD", "孟凡", 0, "首都图书馆", "Capital Library", date(1991, 4, 2), date(2030, 1, 1)
)
PIN = "135790"


@contextmanager
def running_centre(settings: Settings) -> Iterator[CardCentreService]:
    """Run a centre that knows MENG, and let the network have it for its authority."""
    key = keyed_hash(SECRET, b"requests")
    service = CardCentreService(Books(), key)
    service.books.put(MENG, PIN)
    service.start()
    settings.SHUFANG_CARD_AUTHORITY = "centre"
    settings.SHUFANG_CARD_CENTRE_URL = service.url
    settings.SHUFANG_CARD_CENTRE_ACCOUNT = "DX"
    settings.SHUFANG_CARD_CENTRE_KEY = key
    settings.SHUFANG_CITY_KEY = keyed_hash(SECRET, b"persons")
    settings.SHUFANG_CARD_CENTRE_SECONDS = 2
    know_card._not_there.forget_all()
    try:
        yield service
    finally:
        service.stop()
        service.books.close()
