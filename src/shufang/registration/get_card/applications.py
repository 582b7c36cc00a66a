"""The application of a visit at a machine: found again, told what it still lacks, and forgotten."""

from datetime import date, datetime
from enum import StrEnum

from django.conf import settings

from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.refusal import Refusal
from shufang.patrons.guardians import is_minor
from shufang.registration.models import Application, CardOffer, ShownDocument


class Lacks(StrEnum):
    """What an application lacks, in the order in which it is asked for."""

    GUARDIAN = "guardian"
    TERMS = "terms"
    KIND = "kind"
    CONTACT = "contact"
    PIN = "pin"
    CARD = "card"
    DEPOSIT = "deposit"
    NOTHING = "nothing"


def visit_hash(device_id: int, visit: str) -> bytes:
    """Return the 32 bytes by which a visit finds its application again."""
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"application", str(device_id).encode(), visit.encode(errors="replace"))


def of_visit(device_id: int, visit: str) -> Application | None:
    """Return the application of a visit with all that its pages show. One query."""
    rows = Application.objects.select_related(
        "document", "offer__kind", "offer__library", "card__kind", "card__patron", "guardian", "guardian_document",
        "device__branch__library",
    )  # fmt: skip
    return rows.filter(visit=visit_hash(device_id, visit)).first() if visit else None


def locked(application_id: int) -> Application | Refusal:
    """Lock an application in the caller's transaction, before any range or patron. Refuses application_over."""
    found = Application.objects.select_for_update(no_key=True).filter(pk=application_id).first()
    return found if found is not None else Refusal("application_over")


def lacks(application: Application, today: date) -> Lacks:
    """Say what comes next. A guardian comes before the terms, since he agrees to them. At most two queries."""
    if application.is_done:
        return Lacks.NOTHING
    if application.card_id is not None:
        return Lacks.DEPOSIT
    missing = (
        (Lacks.GUARDIAN, needs_guardian(application, today) and not has_guardian(application)),
        (Lacks.TERMS, application.agreed_at is None),
        (Lacks.KIND, application.offer is None),
        (Lacks.CONTACT, application.contact_at is None and _asks_for_contact(application)),
        (Lacks.PIN, not application.pin_hash),
    )
    return next((what for what, is_missing in missing if is_missing), Lacks.CARD)


def _asks_for_contact(application: Application) -> bool:
    return application.offer is not None and application.offer.contact != CardOffer.Contact.NONE


def needs_guardian(application: Application, today: date) -> bool:
    """Say whether this person is a minor."""
    return is_minor(application.document.birth_date, today)


def has_guardian(application: Application) -> bool:
    """Say whether an adult has said that he answers for this minor."""
    return application.guardian_id is not None or application.guardian_document_id is not None


def touch(application: Application, now: datetime, *fields: str) -> None:
    """Save what was said, and when."""
    application.touched_at = now
    application.save(update_fields=["touched_at", *fields])


def forget(application: Application) -> None:
    """Delete an application and the documents that were shown for it, in the caller's transaction. The card stays."""
    shown = [pk for pk in (application.document_id, application.guardian_document_id) if pk is not None]
    application.delete()
    ShownDocument.objects.filter(pk__in=shown).delete()
