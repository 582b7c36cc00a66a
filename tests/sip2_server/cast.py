"""The cast of the SIP2 server's tests on the demonstration's network: readers with the PIN 135790, items at GMD."""

from datetime import datetime, timedelta
from decimal import Decimal

from shufang.branches.models import Branch, Library
from shufang.catalogue.models import Item, ItemKind, Title
from shufang.demo.network import lay_out
from shufang.kernel import clock
from shufang.money.models import Charge
from shufang.patrons.models import Card, CardKind, Patron
from shufang.patrons.pin import hash_pin

PIN = "135790"
ZHANG, WANG, LOST = "R0001", "R0002", "R0003"
TITLE = "三体 : 地球往事"
ITEMS = tuple(f"DX{number:08}" for number in range(1, 21))


def settle() -> None:
    """Lay out the network; 张伟 and 王芳 have good cards, 李娜 has lost hers; twenty copies of one title stand at GMD."""
    at = clock.now() - timedelta(days=2)
    lay_out(at)
    for number, name, status in ((ZHANG, "张伟", "active"), (WANG, "王芳", "active"), (LOST, "李娜", "lost")):
        _reader(number, name, status, at)
    title = Title.objects.create(source="test", control_number="1", title=TITLE, created_at=at, updated_at=at)
    branch = Branch.objects.get(code="GMD")
    kind = ItemKind.objects.get(code="book")
    Item.objects.bulk_create(
        Item(
            barcode=barcode,
            title=title,
            library=branch.library,
            home_branch=branch,
            current_branch=branch,
            kind=kind,
            call_number="I247.5/1",
            price=Decimal("28.00"),
            status_since=at,
            created_at=at,
        )
        for barcode in ITEMS
    )


def _reader(number: str, name: str, status: str, at: datetime) -> None:
    patron = Patron.objects.create(name=name, pin_hash=hash_pin(PIN), pin_version=1, created_at=at)
    Card.objects.create(
        number=number,
        patron=patron,
        kind=CardKind.objects.get(code="adult"),
        library=Library.objects.get(code="DX"),
        status=status,
        issued_at=at,
        status_since=at,
    )


def owe(number: str, amount: str) -> None:
    """Let a reader owe an overdue charge."""
    Charge.objects.create(
        patron=Patron.objects.get(cards__number=number),
        library=Library.objects.get(code="DX"),
        kind=Charge.Kind.OVERDUE,
        amount=Decimal(amount),
        created_at=clock.now(),
    )
