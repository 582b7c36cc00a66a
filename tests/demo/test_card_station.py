"""The demonstration's kiosks find the simulated station, whichever port it has got."""

from collections.abc import Iterator

import pytest

from shufang.branches.models import Branch, Device
from shufang.demo import card_station, cards_at_machines
from shufang.demo.network import lay_out
from shufang.kernel import clock
from shufang.registration.card_station.simulator import StationSimulator
from shufang.registration.models import CardOffer, CardStation, NumberRange, Terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def kiosk() -> Device:
    lay_out(clock.now())
    return Device.objects.create(
        account="gmd-8", kind=Device.Kind.KIOSK, branch=Branch.objects.get(code="GMD"), encoding="utf-8"
    )


@pytest.fixture
def station(kiosk: Device) -> Iterator[StationSimulator]:
    running = card_station.start()
    yield running
    running.stop()


def test_each_kiosk_knows_where_it_is(kiosk: Device, station: StationSimulator) -> None:
    assert CardStation.objects.get(device=kiosk).agent == station.address
    assert card_station.page() == station.address.replace("ws://", "http://") + "/"


def test_a_taken_port_is_no_reason_to_stop(kiosk: Device, station: StationSimulator) -> None:
    second = card_station.start()
    try:
        assert second.address != station.address
        assert CardStation.objects.get(device=kiosk).agent == second.address
    finally:
        second.stop()


def test_what_stands_is_left_alone(kiosk: Device) -> None:
    NumberRange.objects.update(next_number=5_000_010)
    cards_at_machines.lay_out()
    assert NumberRange.objects.get().next_number == 5_000_010
    assert CardOffer.objects.count() == 4
    assert set(Terms.objects.values_list("kind", flat=True)) == {"reader", "privacy", "minor"}
