"""The network of the demonstration, its machines and desks, and a handful of readers and books for lending tests."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from shufang.accounts.models import User
from shufang.branches.models import Branch, Device, Library
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, ItemKind, Title
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.models import Hold, Loan, Policy
from shufang.circulation.place import Place
from shufang.demo.network import lay_out
from shufang.patrons.models import Card, CardKind, Patron

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday, eight in the evening at Gaomidian."""


@dataclass(slots=True)
class World:
    """What a lending test needs: ask for places, readers and books by the names of the demonstration."""

    now: datetime = NOW
    _number: int = field(default=0)

    def branch(self, code: str) -> Branch:
        return Branch.objects.get(code=code)

    def machine(self, account: str = "gmd-1") -> Place:
        """An unattended self-check machine."""
        device = Device.objects.get(account=account)
        return Place(device.branch_id, device_id=device.pk, is_attended=device.is_attended)

    def desk(self, branch: str = "DX") -> Place:
        """A desk with the librarian behind it."""
        return Place(self.branch(branch).pk, user_id=User.objects.get(username="librarian").pk, is_attended=True)

    def reader(self, kind: str = "adult", born: date | None = date(1990, 5, 17), **patron: object) -> Card:
        """A reader with an active card."""
        self._number += 1
        person = Patron(name=f"读者{self._number}", birth_date=born, created_at=self.now)
        for name, value in patron.items():
            setattr(person, name, value)
        person.save()
        return Card.objects.create(
            number=f"T{self._number:07}",
            patron=person,
            kind=CardKind.objects.get(code=kind),
            library=Library.objects.get(code="DX"),
            status=Card.Status.ACTIVE,
            issued_at=self.now,
            status_since=self.now,
        )

    def title(self, name: str = "三体") -> Title:
        self._number += 1
        return Title.objects.create(
            source="test", control_number=str(self._number), title=name, created_at=self.now, updated_at=self.now
        )

    def item(
        self,
        home: str = "GMD",
        kind: str = "book",
        library: str = "DX",
        status: ItemStatus = ItemStatus.AVAILABLE,
        title: Title | None = None,
        **fields: object,
    ) -> Item:
        """A book at its home branch."""
        self._number += 1
        branch = self.branch(home)
        item = Item(
            barcode=f"X{self._number:07}",
            title=title or self.title(),
            library=Library.objects.get(code=library),
            home_branch=branch,
            current_branch=branch,
            kind=ItemKind.objects.get(code=kind),
            status=status,
            status_since=self.now,
            created_at=self.now,
        )
        for name, value in fields.items():
            setattr(item, name, value)
        item.save()
        return item

    def lend(self, card: Card, item: Item, at: datetime | None = None, place: Place | None = None) -> Loan:
        """Lend, which must succeed."""
        done = checkout(Checkout(card.number, item.barcode, place or self.machine()), at or self.now)
        assert isinstance(done, CheckedOut), done
        item.refresh_from_db()
        return Loan.objects.get(pk=done.loan_id)

    def give_back(self, item: Item, at: datetime | None = None, place: Place | None = None) -> CheckedIn:
        """Take back, which must succeed."""
        done = checkin(Checkin(item.barcode, place or self.machine()), at or self.now)
        assert isinstance(done, CheckedIn), done
        item.refresh_from_db()
        return done

    def hold(self, card: Card, title: Title, pickup: str = "GMD", at: datetime | None = None, **fields: object) -> Hold:
        hold = Hold(
            patron=card.patron,
            title=title,
            pickup_branch=self.branch(pickup),
            placed_at=at or self.now,
            queued_at=at or self.now,
        )
        for name, value in fields.items():
            setattr(hold, name, value)
        hold.save()
        return hold

    def change_policies(self, **fields: object) -> None:
        Policy.objects.update(**fields)

    def days(self, count: float) -> datetime:
        """So many days later."""
        return self.now + timedelta(days=count)


def build() -> World:
    """Lay out the network; what the demonstration's rules add to it is asked for by its tests."""
    lay_out(NOW)
    Policy.objects.update(relends_unattended=False, overdue_refuses=False)
    return World()
