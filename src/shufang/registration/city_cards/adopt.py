"""A card that the city knows and we do not: it and its person get their rows here, and lend from then on like any other."""

from datetime import datetime

from django.db import IntegrityError, transaction

from shufang.accounts.models import Organisation
from shufang.branches.models import Library
from shufang.kernel.refusal import Refusal
from shufang.money.charges import lock_patron
from shufang.patrons.models import Card, CardKind, Patron
from shufang.registration.authority.conflicts import put_before_staff
from shufang.registration.authority.interface import CityAnswer
from shufang.registration.authority.models import CityCard, CityPerson
from shufang.registration.served import Served, has_good_card, write_down

BY_CENTRE = Served(user_name="card centre", is_told=True)


def adopt(answer: CityAnswer, now: datetime) -> Card | Refusal:
    """Take a card in as the centre told it; one that is here already is returned. Refuses card_kind_unknown (the kind must
    be laid out here first) and patron_has_card (two good cards of one person); both go before staff.
    """
    try:
        with transaction.atomic():
            done = _adopt(answer, now)
    except IntegrityError:  # another terminal was quicker
        found = Card.objects.filter(number=answer.number).first()
        done = found if found is not None else Refusal("patron_has_card")
    if isinstance(done, Refusal):
        with transaction.atomic():
            put_before_staff(done.code, answer.number, now, told=answer.status)
    return done


def _adopt(answer: CityAnswer, now: datetime) -> Card | Refusal:
    known = Card.objects.select_related("patron").filter(number=answer.number).first()
    if known is not None:
        return known
    kind = CardKind.objects.filter(code=answer.kind).first()
    if kind is None:
        return Refusal("card_kind_unknown", {"kind": answer.kind})
    patron = _patron(answer, now)
    is_good = answer.status in {Card.Status.ISSUED, Card.Status.ACTIVE}
    if is_good and has_good_card(patron):
        return Refusal("patron_has_card")
    card = Card.objects.create(
        number=answer.number,
        patron=patron,
        kind=kind,
        library=_library(answer),
        status=Card.Status.CLOSED if answer.status == Card.Status.REPLACED else Card.Status(answer.status),
        issued_at=now,
        expires_on=answer.expires_on,
        status_since=now,
    )
    keep_answer(card, answer, now, is_of_another=True)
    write_down(BY_CENTRE, "card_adopted", card, f"{answer.library} {kind.code}", now)
    return card


def keep_answer(card: Card, answer: CityAnswer, now: datetime, *, is_of_another: bool) -> None:
    """Keep what was said about a card, with its age, in the caller's transaction."""
    CityCard.objects.update_or_create(
        card=card,
        defaults={
            "status": answer.status,
            "revision": answer.revision,
            "deposit": answer.deposit,
            "pin_version": answer.pin_version,
            "is_of_another": is_of_another,
            "asked_at": now,
        },
    )


def _patron(answer: CityAnswer, now: datetime) -> Patron:
    """Return the person of a card, known here by his document or new."""
    known = CityPerson.objects.filter(digest=answer.person).first() if answer.person else None
    if known is not None:
        patron = lock_patron(known.patron_id)
        if patron.closed_at is not None:
            patron.closed_at = None
            patron.save(update_fields=["closed_at"])
        return patron
    patron = Patron.objects.create(name=answer.name or answer.number, birth_date=answer.birth_date, created_at=now)
    if answer.person:
        CityPerson.objects.create(patron=patron, digest=answer.person)
    return patron


def _library(answer: CityAnswer) -> Library:
    """Return the issuing library; one of which nothing was known here gets its row, under the code that the city uses."""
    found = Library.objects.filter(code=answer.library).first()
    if found is not None:
        return found
    name, name_en = answer.library_name or answer.library, answer.library_name_en
    organisation, _is_new = Organisation.objects.get_or_create(
        code=answer.library, defaults={"name": name, "name_en": name_en, "kind": Organisation.Kind.LIBRARY}
    )
    return Library.objects.create(code=answer.library, name=name, name_en=name_en, organisation=organisation)
