"""The privacy page: what is kept about the reader, why, until when, and who looked at it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shufang.audit.models import Entry
from shufang.kernel import clock
from shufang.patrons.models import Block, Card
from shufang.web.reader.kept import kept_about
from shufang.web.reader.signed_in import Reader, for_reader

LOOKS_SHOWN = 50
ACTIONS = {
    "look": _("looked at it"),
    "card_issued": _("issued the card"),
    "card_active": _("activated the card"),
    "card_lost": _("reported the card lost"),
    "card_replaced": _("replaced the card"),
    "card_renewed": _("renewed the card"),
    "card_expired": _("marked the card as run out"),
    "card_closed": _("closed the card"),
    "card_adopted": _("took the card over from the card centre"),
    "waive": _("waived a charge"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """An entry of the audit trail as the reader sees it."""

    at: datetime
    who: str
    action: str


@require_safe
@for_reader
def privacy(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what is kept, why, until when, and who looked at it."""
    context = {"kept": kept_about(reader.patron_id, clock.now()), "looks": looks(reader.patron_id)}
    return render(request, "web/reader/account/privacy.html", context)


def looks(patron_id: int) -> list[Look]:
    """Return who looked at or changed a reader's record, cards and blocks, newest first. Three queries."""
    cards = list(Card.objects.filter(patron_id=patron_id).values_list("pk", flat=True))
    blocks = list(Block.objects.filter(patron_id=patron_id).values_list("pk", flat=True))
    about = (
        Q(subject_kind="patron", subject_id=patron_id)
        | Q(subject_kind="card", subject_id__in=cards)
        | Q(subject_kind="block", subject_id__in=blocks)
    )
    entries = Entry.objects.filter(about).order_by("-at", "-pk")[:LOOKS_SHOWN]
    return [
        Look(entry.at, entry.user_name or gettext("you, or a machine"), str(ACTIONS.get(entry.action, entry.action)))
        for entry in entries
    ]
