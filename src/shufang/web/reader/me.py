"""My card: who I am on record, how the card stands, and reporting it lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from shufang.circulation.patron_status import patron_status
from shufang.circulation.place import PinCheck
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.money.deposits import held
from shufang.patrons.card_life import may_become
from shufang.patrons.models import Card, Guardianship, Patron
from shufang.registration.report_lost import ReportLost, report_lost
from shufang.web.reader.outcomes import done, refused, said_of
from shufang.web.reader.signed_in import Reader, for_reader

LOST = "web/reader/account/lost.html"


@require_safe
@for_reader
def me(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show the record. Five queries."""
    card = _card(reader)
    status = patron_status(reader.card_number, PinCheck.RIGHT, clock.now())
    context = {
        "patron": Patron.objects.select_related("home_branch").get(pk=reader.patron_id),
        "card": card,
        "refusal": said_of(status.refusal) if status.refusal else "",
        "can_be_lost": may_become(Card.Status(card.status), Card.Status.LOST),
        "deposit": held(reader.patron_id),
        "guardians": Guardianship.objects.filter(minor_id=reader.patron_id).select_related("guardian")
        if reader.is_minor
        else (),
    }
    return render(request, "web/reader/account/me.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def lost(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Ask whether the card is really gone, then stop it."""
    context: dict[str, object] = {"card": _card(reader), "back_name": "me"}
    if request.method != "POST":
        return render(request, LOST, context)
    outcome = report_lost(ReportLost(reader.card_number), clock.now())
    if isinstance(outcome, Refusal):
        return refused(request, LOST, outcome, context)
    return done(request, gettext("The card is stopped. Nobody can borrow with it any more."), "me")


def _card(reader: Reader) -> Card:
    return Card.objects.select_related("kind", "library").get(number=reader.card_number)
