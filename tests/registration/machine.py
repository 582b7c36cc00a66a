"""A machine that gives cards, and the people who come to it. Numbers of documents are made up, their check digits right."""

from datetime import UTC, date, datetime
from itertools import count

from shufang.branches.models import Device
from shufang.kernel.refusal import Refusal
from shufang.patrons.identity import IdentityKind
from shufang.patrons.models import Card
from shufang.registration.card_station.documents import resident_number
from shufang.registration.get_card.agree import Agree, Agreed, agree
from shufang.registration.get_card.applications import of_visit
from shufang.registration.get_card.begin import ApplicationBegun, BeginApplication, DocumentRead, begin_application
from shufang.registration.get_card.choose_kind import ChooseKind, KindChosen, choose_kind
from shufang.registration.get_card.choose_pin import ChoosePin, PinChosen, choose_pin
from shufang.registration.get_card.give_contact import ContactGiven, GiveContact, give_contact
from shufang.registration.get_card.make_card import CardMade, MakeCard, make_card
from shufang.registration.models import Application, CardOffer, Terms

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PIN = "246813"


def document(name: str, born: date, serial: int = 1) -> DocumentRead:
    return DocumentRead(IdentityKind.RESIDENT, resident_number(born, serial), name, born, date(2036, 1, 1))


LIN = document("林晓", date(1994, 7, 3))
HE = document("何苗", date(1990, 1, 1), 4)
MOTHER = document("林秋", date(1990, 2, 11))
BOY = document("林小满", date(2017, 5, 20))
VISITOR = DocumentRead(IdentityKind.PASSPORT, "E12345678", "ANNA BAKER", date(1988, 4, 9), date(2031, 1, 1))


class Machine:
    """A machine of the demonstration, and visits at it."""

    def __init__(self, account: str = "gmd-1", now: datetime = NOW) -> None:
        self.device = Device.objects.select_related("branch").get(account=account)
        self.now = now
        self._visits = count(1)

    def begin(self, read: DocumentRead, visit: str = "") -> ApplicationBegun:
        done = begin_application(BeginApplication(self.device.pk, visit or self.new_visit(), read), self.now)
        assert isinstance(done, ApplicationBegun), done
        return done

    def new_visit(self) -> str:
        return f"{self.device.account} {next(self._visits)}"

    def refused(self, read: DocumentRead) -> str:
        done = begin_application(BeginApplication(self.device.pk, self.new_visit(), read), self.now)
        assert isinstance(done, Refusal), done
        return done.code

    def agree(self, application_id: int) -> None:
        done = agree(Agree(application_id, frozenset(Terms.objects.values_list("id", flat=True))), self.now)
        assert isinstance(done, Agreed), done

    def choose(self, application_id: int, kind: str = "adult", *, wants_print: bool = False, phone: str = "") -> None:
        offer = CardOffer.objects.get(kind__code=kind, library_id=self.device.branch.library_id)
        done = choose_kind(ChooseKind(application_id, offer.pk, wants_print=wants_print), self.now)
        assert isinstance(done, KindChosen), done
        given = give_contact(GiveContact(application_id, phone), self.now)
        assert isinstance(given, ContactGiven), given

    def ready(
        self, read: DocumentRead = LIN, kind: str = "adult", *, wants_print: bool = False, phone: str = ""
    ) -> int:
        """Lead somebody to where only the card is missing; return his application."""
        begun = self.begin(read)
        assert begun.card_id is None
        self.agree(begun.application_id)
        self.choose(begun.application_id, kind, wants_print=wants_print, phone=phone)
        assert isinstance(choose_pin(ChoosePin(begun.application_id, PIN, PIN), self.now), PinChosen)
        return begun.application_id

    def make(self, application_id: int) -> CardMade:
        done = make_card(MakeCard(application_id), self.now)
        assert isinstance(done, CardMade), done
        return done

    def card(self, read: DocumentRead = LIN, kind: str = "adult") -> Card:
        """Give somebody a card at once."""
        return Card.objects.get(pk=self.make(self.ready(read, kind)).card_id)

    def application(self, visit: str) -> Application | None:
        return of_visit(self.device.pk, visit)
