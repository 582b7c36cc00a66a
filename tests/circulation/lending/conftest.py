"""The world in which lending is tested."""

import pytest

from tests.circulation.lending.world import World, build


@pytest.fixture
def world(db: None) -> World:
    return build()
