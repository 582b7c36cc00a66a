"""A small named cast for tests of holds, money and jobs, on the demonstration's network: 张伟, 王芳, 李娜, little 朵朵."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from shufang.branches.models import Branch, Library
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, ItemKind, Title
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_queue import receive_transit, trap
from shufang.circulation.models import Loan, Policy
from shufang.circulation.place import Place
from shufang.demo.network import lay_out
from shufang.patrons.models import Card, CardKind, Patron

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""Wednesday, 20:00 in Beijing."""
DAY = timedelta(days=1)

ZHANG, WANG, LI, DUODUO = "T0001", "T0002", "T0003", "T0004"
PEOPLE = (
    (ZHANG, "张伟", "adult", 1980),
    (WANG, "王芳", "adult", 1990),
    (LI, "李娜", "E", 1962),
    (DUODUO, "朵朵", "child", 2018),
)


def settle() -> None:
    """Lay the network out and let the cast have cards; every one keeps no history and has an address."""
    lay_out(NOW - 400 * DAY)
    library = Library.objects.get(code="DX")
    for place, (number, name, kind, year) in enumerate(PEOPLE):
        came_at = NOW - 300 * DAY + timedelta(minutes=place)
        patron = Patron.objects.create(
            name=name, birth_date=date(year, 5, 1), email=f"{number.lower()}@example.org", created_at=came_at
        )
        Card.objects.create(
            number=number,
            patron=patron,
            kind=CardKind.objects.get(code=kind),
            library=library,
            status=Card.Status.ACTIVE,
            issued_at=came_at,
            status_since=came_at,
        )


def patron(number: str) -> Patron:
    """Return the patron of a card as he is now."""
    return Patron.objects.get(cards__number=number)


def branch(code: str) -> Branch:
    """Return a branch."""
    return Branch.objects.get(code=code)


def at(code: str, *, attended: bool = True, user_id: int | None = None) -> Place:
    """Return a place at a branch."""
    return Place(branch(code).pk, user_id=user_id, is_attended=attended)


def title(name: str = "三体") -> Title:
    """Return a title of this name, made at need."""
    found, _ = Title.objects.get_or_create(
        source="test", control_number=name, defaults={"title": name, "created_at": NOW, "updated_at": NOW}
    )
    return found


def copy(
    barcode: str,
    name: str = "三体",
    *,
    home: str = "GMD",
    here: str = "",
    status: ItemStatus = ItemStatus.AVAILABLE,
    volume: str = "",
    kind: str = "book",
    price: Decimal | None = Decimal("28.00"),
) -> Item:
    """Return a new copy of a title, owned by the library of its home branch."""
    home_branch = branch(home)
    return Item.objects.create(
        barcode=barcode,
        title=title(name),
        library=home_branch.library,
        home_branch=home_branch,
        current_branch=branch(here or home),
        kind=ItemKind.objects.get(code=kind),
        volume=volume,
        price=price,
        status=status,
        status_since=NOW,
        created_at=NOW,
    )


def lend(item: Item, number: str, borrowed_at: datetime = NOW, days: int = 42) -> Loan:
    """Lend an item as the books would have it, due at the end of a local day."""
    card = Card.objects.get(number=number)
    policy = Policy.objects.filter(library=item.library, card_kind__isnull=True).get()
    loan = Loan.objects.create(
        item=item,
        patron=card.patron,
        card_kind=card.kind,
        group=item.kind.group,
        library=item.library,
        policy=policy,
        calendar_branch=item.current_branch,
        borrowed_at=borrowed_at,
        due_at=borrowed_at + timedelta(days=days),
    )
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.ON_LOAN, status_since=borrowed_at)
    return loan


def status(barcode: str) -> ItemStatus:
    """Return an item's status as it is now."""
    return ItemStatus(Item.objects.get(barcode=barcode).status)


def reserve(number: str, item: Item, *, pickup: str = "GMD", seconds: int = 0) -> HoldPlaced:
    """Let a reader reserve a title."""
    command = PlaceHold(number, at("GMD"), title_id=item.title_id, pickup_branch_id=branch(pickup).pk)
    placed = place_hold(command, NOW + timedelta(seconds=seconds))
    assert isinstance(placed, HoldPlaced), placed
    return placed


def put_down(item: Item, code: str, *, attended: bool) -> ItemStatus | None:
    """Do with an item what a checkin does after the loan is closed; return the status it gets, None for no hold."""
    receive_transit(item.pk, branch(code).pk, NOW)
    held = trap(item.pk, branch(code).pk, is_attended=attended, now=NOW)
    if held is None:
        return None
    Item.objects.filter(pk=item.pk).update(status=held.item_status, current_branch=branch(code))
    return held.item_status
