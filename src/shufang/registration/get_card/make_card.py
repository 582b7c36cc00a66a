"""Making the card of an application: its number, its person, his consents and guardian, all in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.money.deposits import is_missing
from shufang.patrons.identity import Document, IdentityKind
from shufang.patrons.models import Card, Patron
from shufang.registration.get_card.applications import Lacks, has_guardian, lacks, locked, touch
from shufang.registration.issue_card import CardIssued, IssueCard, Person, issue_card
from shufang.registration.models import Application, CardOffer, ShownDocument
from shufang.registration.number_ranges import take_number
from shufang.registration.served import Served
from shufang.registration.terms import keep_agreement


@dataclass(frozen=True, slots=True)
class MakeCard:
    """An application that lacks nothing but its card."""

    application_id: int


@dataclass(frozen=True, slots=True)
class CardMade:
    """The card. It lends at once unless `deposit_due` is to be paid first."""

    card_id: int
    number: str
    deposit_due: Decimal


def make_card(command: MakeCard, now: datetime) -> CardMade | Refusal:
    """Make it, once however often it is asked for. Refuses application_over, application_incomplete, numbers_used_up, and
    what issue_card refuses (patron_has_card: he was quicker at another machine). What is refused leaves nothing behind.
    """
    with transaction.atomic():
        application = locked(command.application_id)
        if isinstance(application, Refusal):
            return application
        if application.card is not None:
            return _made(application.card)
        offer = application.offer
        if offer is None or lacks(application, timezone.localdate(now)) is not Lacks.CARD:
            return Refusal("application_incomplete")
        done = _make(application, offer, now)
        if isinstance(done, Refusal):
            transaction.set_rollback(True)
        return done


def _made(card: Card) -> CardMade:
    due = card.kind.deposit if is_missing(card.patron_id, card.kind.deposit) else ZERO
    return CardMade(card.pk, card.number, due)


def _make(application: Application, offer: CardOffer, now: datetime) -> CardMade | Refusal:
    device = application.device
    taken = take_number(offer.library_id, device.pk)
    if isinstance(taken, Refusal):
        return taken
    _lock_known(application)
    guardian = _guardian(application, now)
    issued = issue_card(
        IssueCard(
            number=taken.number,
            kind=offer.kind.code,
            library_id=offer.library_id,
            person=_person(application),
            pin_hash=application.pin_hash,
            guardian_id=guardian.pk if guardian else None,
            relation=application.relation,
            served=Served(branch_id=device.branch_id, device_id=device.pk, user_name=device.account),
        ),
        now,
    )
    if isinstance(issued, Refusal):
        return issued
    _keep(application, issued, guardian, now)
    return CardMade(issued.card_id, taken.number, issued.deposit_due)


def _lock_known(application: Application) -> None:
    """Lock both persons, if they are known, in the one order of patrons: by id."""
    shown = (application.document, application.guardian_document)
    digests = [bytes(document.digest) for document in shown if document is not None]
    list(Patron.objects.select_for_update(no_key=True).filter(identity_hash__in=digests).order_by("pk"))


def _person(application: Application) -> Person:
    shown = application.document
    return Person(
        name=shown.name,
        birth_date=shown.birth_date,
        document=_document(shown),
        phone=application.phone,
        email=application.email,
        language=application.language,
    )


def _document(shown: ShownDocument) -> Document:
    return Document(IdentityKind(shown.kind), bytes(shown.digest), shown.mask, bytes(shown.city))


def _guardian(application: Application, now: datetime) -> Patron | None:
    """Return the guardian, with a record made from his document where he has none that stands."""
    shown = application.guardian_document
    if shown is None:
        return application.guardian if has_guardian(application) else None
    patron, is_new = Patron.objects.get_or_create(
        identity_hash=bytes(shown.digest),
        defaults={
            "name": shown.name,
            "birth_date": shown.birth_date,
            "identity_kind": shown.kind,
            "identity_mask": shown.mask,
            "language": application.language,
            "created_at": now,
        },
    )
    if not is_new and patron.closed_at is not None:
        patron.closed_at = None
        patron.save(update_fields=["closed_at"])
    return patron


def _keep(application: Application, issued: CardIssued, guardian: Patron | None, now: datetime) -> None:
    patron = Patron.objects.get(pk=issued.patron_id)
    application.guardian = guardian
    keep_agreement(patron, application)
    application.card_id = issued.card_id
    application.is_done = issued.status == Card.Status.ACTIVE
    application.pin_hash = ""
    touch(application, now, "guardian", "card", "is_done", "pin_hash")
