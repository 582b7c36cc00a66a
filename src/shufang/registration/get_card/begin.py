"""Somebody lays his identity document on a machine's reader: an application begins, or he turns out to have a card."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shufang.kernel.refusal import Refusal
from shufang.patrons.guardians import age_on
from shufang.patrons.identity import Document, IdentityKind, birth_date_of, read_document
from shufang.patrons.models import Card, Patron
from shufang.registration.get_card.applications import forget, touch, visit_hash
from shufang.registration.models import Application, ShownDocument

LONGEST_LIFE = 130


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """What a reader took from a document. `valid_until` is empty where it does not run out."""

    kind: IdentityKind
    number: str
    name: str
    birth_date: date | None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class BeginApplication:
    """A document lies on the reader of a machine, in a visit of which the machine's session knows the token."""

    device_id: int
    visit: str
    document: DocumentRead
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class ApplicationBegun:
    """`card_id`: the card that this person has already: good, lost, run out or not yet active.

    `is_resumed`: he was here before, has his card and did not get to the end (a power cut, no more blanks, a walk home).
    `city` is the hash of his document for the card centre, empty without one.
    """

    application_id: int
    card_id: int | None = None
    is_resumed: bool = False
    city: bytes = b""


def begin_application(command: BeginApplication, now: datetime) -> ApplicationBegun | Refusal:
    """Begin. Refuses document_invalid (its number is none), document_expired, document_unreadable (no name, no or an impossible birth date),
    application_open (this visit has made a card).

    What the same visit had begun before is forgotten.
    """
    today = timezone.localdate(now)
    shown = read_shown(command.document, today)
    if isinstance(shown, Refusal):
        return shown
    mine = visit_hash(command.device_id, command.visit)
    with transaction.atomic():
        for before in Application.objects.select_for_update(no_key=True).filter(visit=mine):
            if before.card_id is not None:
                return Refusal("application_open")
            forget(before)
        resumed = _resumed(command, mine, bytes(shown.digest), now)
        if resumed is not None:
            return ApplicationBegun(resumed.pk, is_resumed=True)
        shown.save()
        application = Application.objects.create(
            device_id=command.device_id,
            visit=mine,
            began_at=now,
            touched_at=now,
            language=_language(command),
            document=shown,
        )
    card = card_of_person(shown, today)
    return ApplicationBegun(application.pk, card.pk if card else None, city=bytes(shown.city))


def _resumed(command: BeginApplication, visit: bytes, digest: bytes, now: datetime) -> Application | None:
    """Give this visit the application that the same person left behind with a card that lacks its deposit or its print."""
    left = Application.objects.select_for_update(no_key=True).filter(document__digest=digest, card__isnull=False)
    good = left.filter(card__status__in=[Card.Status.ISSUED, Card.Status.ACTIVE])
    found = good.filter(Q(is_done=False) | Q(wants_print=True, printed_at__isnull=True)).first()
    if found is not None:
        found.visit, found.device_id, found.language = visit, command.device_id, _language(command)
        found.left_at = None
        touch(found, now, "visit", "device", "language", "left_at")
    return found


def _language(command: BeginApplication) -> Patron.Language:
    return Patron.Language(command.language) if command.language in Patron.Language.values else Patron.Language.CHINESE


def read_shown(read: DocumentRead, today: date) -> ShownDocument | Refusal:
    """Return the row (not saved) of a document that may be relied on. Refuses as begin_application does."""
    kept = read_document(read.kind, read.number)
    if isinstance(kept, Refusal):
        return Refusal("document_invalid")
    if read.valid_until is not None and read.valid_until < today:
        return Refusal("document_expired", {"expired_on": read.valid_until})
    birth_date = birth_date_of(read.kind, read.number) or read.birth_date
    name = " ".join(read.name.split())
    if not name or not _is_possible(birth_date, today) or birth_date is None:
        return Refusal("document_unreadable")
    return _row(kept, name, birth_date)


def card_of_person(shown: ShownDocument, today: date) -> Card | None:
    """Return the card of the person with this document: a good one, else the last that was lost or ran out. One query.

    One that ran out and is for younger people stands in nobody's way.
    """
    his = Q(patron__identity_hash=shown.digest)
    if shown.city:
        his |= Q(patron__city__digest=shown.city)
    cards = Card.objects.select_related("kind", "library", "patron").filter(his)
    good = (Card.Status.ISSUED, Card.Status.ACTIVE)
    rows = cards.filter(status__in=[*good, Card.Status.LOST, Card.Status.EXPIRED]).order_by("-id")
    found = [card for card in rows if card.status != Card.Status.EXPIRED or not _has_outgrown(card, shown, today)]
    return next((card for card in found if card.status in good), found[0] if found else None)


def _has_outgrown(card: Card, shown: ShownDocument, today: date) -> bool:
    return card.kind.most_age is not None and age_on(shown.birth_date, today) > card.kind.most_age


def _is_possible(birth_date: date | None, today: date) -> bool:
    return birth_date is not None and birth_date <= today and today.year - birth_date.year <= LONGEST_LIFE


def _row(kept: Document, name: str, birth_date: date) -> ShownDocument:
    return ShownDocument(
        kind=kept.kind.value,
        digest=kept.digest,
        mask=kept.mask,
        city=kept.city,
        name=name[:120],
        birth_date=birth_date,
    )
