"""Readers of the cast, signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from shufang.kernel import clock
from shufang.patrons import sessions
from shufang.patrons.models import Patron
from shufang.web.reader.signed_in import COOKIE


@pytest.fixture
def as_reader(cast: None) -> Callable[[str], Client]:
    """Return a browser in which the reader of a card is signed in."""

    def signed_in(card_number: str = "D0000001") -> Client:
        client = Client(headers={"Accept-Language": "en"})
        patron = Patron.objects.get(cards__number=card_number)
        client.cookies[COOKIE] = sessions.start(patron, clock.now(), is_own_device=True)
        return client

    return signed_in
