"""The texts that one agrees to for a card: which are in force, and that somebody agreed to them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from shufang.patrons.models import Patron
from shufang.registration.models import Application, Terms, TermsAgreed


def in_force(day: date, *, for_minor: bool) -> Sequence[Terms]:
    """Return the newest version of each kind that is in force on a local day, in the order of the kinds. One query."""
    newest: dict[str, Terms] = {}
    for text in Terms.objects.filter(valid_from__lte=day).order_by("valid_from", "id"):
        newest[text.kind] = text
    kinds = [kind for kind in Terms.Kind if for_minor or kind != Terms.Kind.MINOR]
    return [newest[kind] for kind in kinds if kind in newest]


def keep_agreement(patron: Patron, application: Application) -> None:
    """Write down what was agreed to at the machine, in the caller's transaction. The same version twice is once."""
    texts: Iterable[Terms] = application.terms.all()
    TermsAgreed.objects.bulk_create(
        [
            TermsAgreed(
                patron=patron,
                terms=text,
                at=application.agreed_at or application.touched_at,
                language=application.language,
                by_guardian=application.guardian,
                device_id=application.device_id,
            )
            for text in texts
        ],
        ignore_conflicts=True,
    )


def agreed_since(patron_id: int) -> Sequence[tuple[Terms, datetime]]:
    """Return what a patron agreed to and when, newest first, for his privacy page. One query."""
    rows = TermsAgreed.objects.filter(patron_id=patron_id).select_related("terms").order_by("-at", "-id")
    return [(row.terms, row.at) for row in rows]
