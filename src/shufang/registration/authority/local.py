"""The local register: this database is the city's. Nothing to ask, nobody to tell."""

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.registration.authority.interface import Accepted, Away, Changes, CityAnswer, Message, NotThere


class LocalRegister:
    """Answers from the cards of this database."""

    is_here = True

    def look_up(self, number: str, pin: str = "") -> CityAnswer | NotThere | Away:  # noqa: ARG002  # patrons/pin.py checks PINs
        """Return a card. One query."""
        return _answer(Card.objects.filter(number=number).first())

    def look_for(self, person: bytes) -> CityAnswer | NotThere | Away:
        """Return the good card of a person. One query."""
        good = Card.objects.filter(status__in=[Card.Status.ISSUED, Card.Status.ACTIVE])
        return _answer(good.filter(patron__city__digest=person).first() if person else None)

    def tell(self, message: Message) -> Accepted | Refusal | Away:  # noqa: ARG002  # it stands in our tables already
        """Accept: the verb that did it has written it down."""
        return Accepted(0)

    def changes(self, after: int) -> Changes | Away:
        """Return none: what has changed has changed here."""
        return Changes(max(after, 0))


def _answer(card: Card | None) -> CityAnswer | NotThere:
    if card is None:
        return NotThere()
    return CityAnswer(
        number=card.number,
        status=card.status,
        kind=card.kind.code,
        library=card.library.code,
        library_name=card.library.name,
        library_name_en=card.library.name_en,
        name=card.patron.name,
        birth_date=card.patron.birth_date,
        expires_on=card.expires_on,
        revision=0,
    )
