"""The demonstration's document reader and card printer: one simulated station that stands beside each of its kiosks."""

from django.db import transaction

from shufang.branches.models import Device, Library
from shufang.demo import cards_at_machines
from shufang.registration.card_station.simulator import StationSimulator
from shufang.registration.models import CardStation

PORT = 8702
BLANKS = 100


def start() -> StationSimulator:
    """Run the station on PORT, or on any free one, and let the kiosks know where; its page is at the same address."""
    try:
        station = StationSimulator(port=PORT, blanks=BLANKS)
    except OSError:
        station = StationSimulator(blanks=BLANKS)
    station.start()
    with transaction.atomic():
        if Library.objects.filter(code="DX").exists():
            cards_at_machines.lay_out()
        for kiosk in Device.objects.filter(kind=Device.Kind.KIOSK):
            CardStation.objects.update_or_create(device=kiosk, defaults={"agent": station.address})
    return station


def page() -> str:
    """Return where a hand lays documents on the station's reader, "" where no kiosk has one. One query."""
    agent = CardStation.objects.filter(is_enabled=True).values_list("agent", flat=True).first() or ""
    return agent.replace("ws://", "http://") + "/" if agent else ""
