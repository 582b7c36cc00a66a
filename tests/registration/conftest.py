"""A network, and people at its desk."""

from datetime import UTC, date, datetime

import pytest

from shufang.branches.models import Library
from shufang.demo import network
from shufang.patrons.identity import Document, IdentityKind, read_document
from shufang.patrons.models import Card
from shufang.registration.issue_card import CardIssued, IssueCard, Person, issue_card
from shufang.registration.served import Served

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def passport_of(number: str) -> Document:
    """Return what is kept of a passport."""
    document = read_document(IdentityKind.PASSPORT, number)
    assert isinstance(document, Document), document
    return document


class Desk:
    """The counter of the main library, where cards are issued."""

    def __init__(self) -> None:
        """Find the library."""
        self.library_id = Library.objects.get(code="DX").pk
        self.served = Served(user_id=7, user_name="librarian")

    def wang(self, passport: str = "E12345678", birth: date | None = date(1990, 5, 1)) -> Person:
        """Return a grown-up with a passport."""
        return Person("王小红", birth, passport_of(passport), phone="010-5550-0100")

    def order(self, number: str = "T00001", kind: str = "adult", **more: object) -> IssueCard:
        """Return the command for a card of Wang's, with a PIN."""
        fields: dict[str, object] = {"person": self.wang(), "pin": "135790", "served": self.served, **more}
        return IssueCard(number, kind, self.library_id, **fields)  # type: ignore[arg-type]  # checked by the dataclass

    def issue(self, number: str = "T00001", kind: str = "adult", **more: object) -> Card:
        """Issue a card that nothing stands against."""
        done = issue_card(self.order(number, kind, **more), NOW)
        assert isinstance(done, CardIssued), done
        return Card.objects.get(pk=done.card_id)


@pytest.fixture
def desk(db: None) -> Desk:
    """Return the desk of a freshly laid out network."""
    network.lay_out(NOW)
    return Desk()


@pytest.fixture
def now() -> datetime:
    """Return the moment of all tests here: ten in the morning of 2 March 2026 in Beijing."""
    return NOW
