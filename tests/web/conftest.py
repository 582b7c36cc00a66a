"""The cast of the demonstration, for the pages to show."""

import pytest
from django.core.cache import cache

from shufang.demo.cast import settle
from shufang.kernel import clock


@pytest.fixture
def cast(db: None) -> None:
    """Lay out the network with the cast and the few titles that it needs."""
    cache.clear()
    settle(clock.now())
