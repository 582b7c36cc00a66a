"""Issuing a card: one person, one record, one good card; a minor comes with a guardian."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from shufang.branches.models import Library
from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron, raise_revision
from shufang.money.deposits import is_missing
from shufang.patrons.guardians import add_guardian, age_on, guardian_refusal, is_minor
from shufang.patrons.identity import Document
from shufang.patrons.models import Card, CardKind, HistoryConsent, Patron
from shufang.patrons.pin import keep_pin, set_pin
from shufang.registration.authority import errands
from shufang.registration.authority.models import CityPerson
from shufang.registration.served import Served, has_good_card, write_down

_NUMBER = re.compile(r"[0-9A-Za-z]{4,40}")


@dataclass(frozen=True, slots=True)
class Person:
    """Who wants a card, as his document and he himself say. Without a document nothing ties him to an old record."""

    name: str
    birth_date: date | None = None
    document: Document | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = "zh-hans"
    keeps_history: bool = False


@dataclass(frozen=True, slots=True)
class IssueCard:
    """A card of `kind` (its code) of a library; `number` is printed on it.

    A minor needs `guardian_card`, or `guardian_id` of a patron who showed his document. `pin_hash`: the PIN was hashed
    before (patrons/pin.py).
    """

    number: str
    kind: str
    library_id: int
    person: Person
    pin: str = ""
    pin_hash: str = ""
    guardian_card: str = ""
    guardian_id: int | None = None
    relation: str = ""
    served: Served = field(default_factory=Served)


@dataclass(frozen=True, slots=True)
class CardIssued:
    """`status` is ACTIVE at once where neither a deposit nor a PIN is missing; `deposit_due` is still to be paid."""

    card_id: int
    patron_id: int
    patron_revision: int
    status: Card.Status
    deposit_due: Decimal


def issue_card(command: IssueCard, now: datetime) -> CardIssued | Refusal:
    """Issue. Refuses card_number_invalid, card_number_used, card_kind_unknown, library_unknown, name_missing,
    patron_has_card, birth_date_missing, birth_date_invalid, card_kind_too_young, card_kind_too_old,
    guardian_needed, guardian_unknown, guardian_is_self, guardian_is_minor, guardian_closed, pin_invalid, pin_too_simple.
    """
    try:
        with transaction.atomic():
            done = _issue(command, now)
            if isinstance(done, Refusal):
                transaction.set_rollback(True)
            return done
    except IntegrityError:  # another desk was quicker with this number or this document
        return _lost_race(command)


def _issue(command: IssueCard, now: datetime) -> CardIssued | Refusal:
    today = timezone.localdate(now)
    kind = CardKind.objects.filter(code=command.kind).first()
    if kind is None:
        return Refusal("card_kind_unknown", {"kind": command.kind})
    guardian = _guardian(command)
    refusal = _refusal(command, kind, guardian, today)
    if refusal is not None:
        return refusal
    patron = _known_patron(command.person)
    if patron is not None and has_good_card(patron):
        return Refusal("patron_has_card")
    patron = _patron(command.person, patron, now)
    if guardian is not None:
        refusal = add_guardian(guardian, patron, command.relation, today)
        if refusal is not None:
            return refusal
    if command.pin_hash:
        keep_pin(patron, command.pin_hash)
    refusal = set_pin(patron, command.pin) if command.pin else None
    return refusal or _record(command, kind, patron, now)


def _refusal(command: IssueCard, kind: CardKind, guardian: Patron | None, today: date) -> Refusal | None:
    person = command.person
    if not _NUMBER.fullmatch(command.number):
        return Refusal("card_number_invalid", {"card_number": command.number[:40]})
    if Card.objects.filter(number=command.number).exists():
        return Refusal("card_number_used", {"card_number": command.number})
    if not Library.objects.filter(pk=command.library_id).exists():
        return Refusal("library_unknown")
    if not person.name.strip():
        return Refusal("name_missing")
    return _age_refusal(person, kind, today) or _guardian_refusal(command, guardian, today)


def _age_refusal(person: Person, kind: CardKind, today: date) -> Refusal | None:
    if person.birth_date is None:
        asked = kind.least_age is not None or kind.most_age is not None
        return Refusal("birth_date_missing") if asked else None
    if not date(1900, 1, 1) <= person.birth_date <= today:
        return Refusal("birth_date_invalid", {"birth_date": person.birth_date})
    age = age_on(person.birth_date, today)
    if kind.least_age is not None and age < kind.least_age:
        return Refusal("card_kind_too_young", {"least_age": kind.least_age})
    if kind.most_age is not None and age > kind.most_age:
        return Refusal("card_kind_too_old", {"most_age": kind.most_age})
    return None


def _guardian(command: IssueCard) -> Patron | None:
    if command.guardian_id is not None:
        return Patron.objects.filter(pk=command.guardian_id).first()
    if not command.guardian_card:
        return None
    card = Card.objects.select_related("patron").filter(number=command.guardian_card).first()
    return card.patron if card else None


def _guardian_refusal(command: IssueCard, guardian: Patron | None, today: date) -> Refusal | None:
    if command.guardian_card and guardian is None:
        return Refusal("guardian_unknown", {"card_number": command.guardian_card})
    if guardian is None:
        return Refusal("guardian_needed") if is_minor(command.person.birth_date, today) else None
    return guardian_refusal(guardian, None, today)


def _known_patron(person: Person) -> Patron | None:
    if person.document is None:
        return None
    patron_id = Patron.objects.filter(same_person(person.document)).values_list("pk", flat=True).first()
    return lock_patron(patron_id) if patron_id is not None else None


def same_person(document: Document) -> Q:
    """Return what tells the patron of a document: our hash of it, or the city's (his card was taken in from elsewhere)."""
    ours = Q(identity_hash=document.digest)
    return ours | Q(city__digest=document.city) if document.city else ours


def _patron(person: Person, known: Patron | None, now: datetime) -> Patron:
    """Make the record, or bring that of somebody who comes back up to date."""
    patron = known or Patron(created_at=now)
    patron.name = person.name.strip()[:120]
    patron.birth_date = person.birth_date or patron.birth_date
    patron.phone = person.phone or patron.phone
    patron.email = person.email or patron.email
    patron.address = person.address or patron.address
    patron.language = person.language
    patron.closed_at = None
    if person.document is not None and patron.identity_hash is None:
        patron.identity_kind = person.document.kind.value
        patron.identity_hash = person.document.digest
        patron.identity_mask = person.document.mask
    consents = person.keeps_history and not patron.keeps_history
    patron.keeps_history = patron.keeps_history or person.keeps_history
    patron.save()
    if person.document is not None and person.document.city:
        CityPerson.objects.get_or_create(patron=patron, defaults={"digest": person.document.city})
    if consents:
        HistoryConsent.objects.create(patron=patron, given_at=now)
    return patron


def _record(command: IssueCard, kind: CardKind, patron: Patron, now: datetime) -> CardIssued:
    deposit = kind.deposit if is_missing(patron.pk, kind.deposit) else ZERO
    status = Card.Status.ACTIVE if patron.pin_hash and deposit == 0 else Card.Status.ISSUED
    card = Card.objects.create(
        number=command.number,
        patron=patron,
        kind=kind,
        library_id=command.library_id,
        status=status,
        issued_at=now,
        issued_branch_id=command.served.branch_id,
        expires_on=expiry(kind, timezone.localdate(now)),
        status_since=now,
    )
    write_down(command.served, "card_issued", card, kind.code, now)
    errands.add(errands.Verb.REGISTER, card, now)
    return CardIssued(card.pk, patron.pk, raise_revision(patron), status, deposit)


def expiry(kind: CardKind, today: date) -> date | None:
    """Return the last good day of a card of this kind that begins today; None: it does not expire."""
    return None if kind.valid_days is None else today + timedelta(days=kind.valid_days)


def _lost_race(command: IssueCard) -> Refusal:
    if Card.objects.filter(number=command.number).exists():
        return Refusal("card_number_used", {"card_number": command.number})
    return Refusal("patron_has_card")
