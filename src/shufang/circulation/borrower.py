"""A reader who asks for something with his card: found, locked, and known well enough to be refused."""

from dataclasses import dataclass

from shufang.circulation.locks import lock_patrons
from shufang.circulation.place import PinCheck
from shufang.circulation.rules.placing_hold import CardFacts
from shufang.patrons.models import Block, Card, CardKind, Patron


@dataclass(frozen=True, slots=True)
class Borrower:
    """A card and its patron, locked and as they are under the lock."""

    card: Card
    kind: CardKind
    patron: Patron
    is_blocked: bool

    def facts(self, pin: PinCheck) -> CardFacts:
        """Return what the rules ask of him."""
        return CardFacts(self.card.status, self.card.expires_on, self.is_blocked, pin.value)


def find_patron_id(card_number: str) -> int | None:
    """Return whose card this is, unlocked; None for an unknown card."""
    return Card.objects.filter(number=card_number).values_list("patron_id", flat=True).first()


def lock_borrower(card_number: str, patron_id: int) -> Borrower:
    """Lock the patron (titles before, items after) and read him and the card that was shown."""
    lock_patrons([patron_id])
    card = Card.objects.select_related("kind", "patron").get(number=card_number)
    is_blocked = Block.objects.filter(patron_id=patron_id, lifted_at__isnull=True).exists()
    return Borrower(card, card.kind, card.patron, is_blocked)


def raise_revision(patron: Patron) -> int:
    """Raise the revision of a locked patron and return it."""
    patron.revision += 1
    patron.save(update_fields=["revision"])
    return patron.revision
