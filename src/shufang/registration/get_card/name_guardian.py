"""An adult says, at the machine, that he answers for a minor: with his card and PIN, or with his identity document."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from shufang.kernel.refusal import Refusal
from shufang.patrons.card_life import card_refusal
from shufang.patrons.guardians import guardian_refusal, is_minor
from shufang.patrons.models import Card, Patron
from shufang.patrons.pin_check import PinCheck
from shufang.registration.get_card.applications import locked, touch
from shufang.registration.get_card.begin import DocumentRead, read_shown
from shufang.registration.models import Application, ShownDocument

RELATIONS = {"mother": "母亲", "father": "父亲", "grandparent": "祖辈", "other": "其他监护人"}
"""What the machine calls it, and what is written down."""


@dataclass(frozen=True, slots=True)
class NameGuardian:
    """Either `card_number` with what the face found about the PIN, or the `document` on the reader.

    `relation`: a key of RELATIONS.
    """

    application_id: int
    relation: str
    card_number: str = ""
    pin: PinCheck = PinCheck.NOT_ASKED
    document: DocumentRead | None = None


@dataclass(frozen=True, slots=True)
class GuardianNamed:
    """`patron_id` is empty for an adult of whom nothing is known here but his document."""

    patron_id: int | None


def name_guardian(command: NameGuardian, now: datetime) -> GuardianNamed | Refusal:
    """Take the guardian down. Refuses application_over, relation_missing, pin_wrong, pin_locked, card_unknown and a card
    that does not lend by its own code, guardian_is_self, guardian_is_minor, guardian_closed, and of a document as
    begin_application does.
    """
    if command.relation not in RELATIONS:
        return Refusal("relation_missing")
    today = timezone.localdate(now)
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        if command.document is not None:
            return _by_document(application, command, command.document, today, now)
        guardian = _by_card(command, today)
        if isinstance(guardian, Refusal):
            return guardian
        return _keep(application, guardian, None, command.relation, now)


def _by_card(command: NameGuardian, today: date) -> Patron | Refusal:
    if command.pin is not PinCheck.RIGHT:
        return Refusal("pin_locked" if command.pin is PinCheck.LOCKED else "pin_wrong")
    card = Card.objects.select_related("patron").filter(number=command.card_number).first()
    if card is None:
        return Refusal("card_unknown")
    return card_refusal(card, today) or guardian_refusal(card.patron, None, today) or card.patron


def _by_document(
    application: Application, command: NameGuardian, read: DocumentRead, today: date, now: datetime
) -> GuardianNamed | Refusal:
    shown = read_shown(read, today)
    if isinstance(shown, Refusal):
        return shown
    if bytes(shown.digest) == bytes(application.document.digest):
        return Refusal("guardian_is_self")
    if is_minor(shown.birth_date, today):
        return Refusal("guardian_is_minor")
    known = Patron.objects.filter(identity_hash=shown.digest).first()
    if known is None or known.closed_at is not None:
        shown.save()
        return _keep(application, None, shown, command.relation, now)
    return _keep(application, known, None, command.relation, now)


def _keep(
    application: Application, guardian: Patron | None, shown: ShownDocument | None, relation: str, now: datetime
) -> GuardianNamed:
    before = application.guardian_document
    application.guardian, application.guardian_document, application.relation = guardian, shown, RELATIONS[relation]
    touch(application, now, "guardian", "guardian_document", "relation")
    if before is not None:
        before.delete()
    return GuardianNamed(guardian.pk if guardian else None)
