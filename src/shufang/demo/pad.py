"""The demonstration's RFID pad: one simulated pad with a card reader that lies beside its first kiosk."""

from shufang.branches.models import Device
from shufang.circulation.pad.books import books_of
from shufang.circulation.pad.simulator import PadSimulator
from shufang.demo.cast import MEMBERS

PORT = 8701


def start() -> PadSimulator:
    """Run the pad on PORT, or on any free one, and let the kiosk know where; a hand's page is at the same address."""
    kiosk = Device.objects.filter(kind=Device.Kind.KIOSK).select_related("branch").order_by("account").first()
    code = kiosk.branch.code if kiosk is not None else ""
    cards = [member.number for member in MEMBERS]
    try:
        pad = PadSimulator(lambda: books_of(code), cards, port=PORT)
    except OSError:
        pad = PadSimulator(lambda: books_of(code), cards)
    pad.start()
    if kiosk is not None:
        Device.objects.filter(pk=kiosk.pk).update(agent=pad.address)
    return pad


def page() -> str:
    """Return where a hand lays books down, "" where no kiosk has a pad. One query."""
    agents = Device.objects.filter(kind=Device.Kind.KIOSK).exclude(agent="").order_by("account")
    agent = agents.values_list("agent", flat=True).first() or ""
    return agent.replace("ws://", "http://") + "/" if agent else ""
