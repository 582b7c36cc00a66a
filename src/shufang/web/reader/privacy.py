"""The privacy page: what is kept about the reader, why, until when, and who looked at it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shufang.audit.models import Entry
from shufang.kernel import clock
from shufang.patrons.models import Block, Card
from shufang.web.reader.kept import kept_about
from shufang.web.reader.signed_in import Reader, for_reader

LOOKS_SHOWN = 50
ACTIONS = {
    "look": _("Your record was looked at"),
    "card_issued": _("Card issued"),
    "card_active": _("Card activated"),
    "card_lost": _("Card reported lost"),
    "card_replaced": _("Card replaced"),
    "card_renewed": _("Card renewed"),
    "card_expired": _("Card ran out"),
    "card_closed": _("Card closed"),
    "card_adopted": _("Card taken over from the card centre"),
    "waive": _("Charge waived"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """An entry of the audit trail as the reader sees it; nobody is named where he himself or a machine did it."""

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
    return [Look(entry.at, entry.user_name, str(ACTIONS.get(entry.action, entry.action))) for entry in entries]
