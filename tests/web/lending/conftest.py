"""Readers of the cast, signed in, in the test client and on a phone."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.web.phone.conftest import as_reader, browser, cast, phone, site

__all__ = ["as_reader", "browser", "cast", "phone", "site"]


@pytest.fixture
def reader(as_reader: Callable[[str], Client]) -> Client:
    """Return a browser of D0000001, who is in good standing and has nothing out."""
    return as_reader("D0000001")


@pytest.fixture
def simulator(settings: Settings) -> None:
    """Let payments go through the simulator."""
    settings.SHUFANG_PAYMENT_PROVIDER = "simulator"
