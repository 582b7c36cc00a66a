"""The cast of the demonstration, for the pages to show."""

import pytest
from django.core.cache import cache

from shufang.demo.cast import settle
from shufang.kernel import clock
from shufang.sip2_server.configuration import status_file


@pytest.fixture
def cast(db: None) -> None:
    """Lay out the network with the cast and the few titles that it needs."""
    cache.clear()
    settle(clock.now())


@pytest.fixture(autouse=True)
def _no_sip2_server_of_other_tests() -> None:
    """Forget what a SIP2 server of another test in this process left behind: the health page would call it stopped."""
    status_file().unlink(missing_ok=True)
