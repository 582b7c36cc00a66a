"""Family: what the children have out for whom the reader answers, and renewing it for them."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from shufang.circulation.models import Hold, Loan
from shufang.circulation.renew import Renewed
from shufang.circulation.renew_all import AllRenewed
from shufang.circulation.renew_for_ward import RenewAllForWard, RenewForWard, renew_all_for_ward, renew_for_ward
from shufang.circulation.sentences import outcome
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.money.charges import owed
from shufang.patrons.guardians import wards_of
from shufang.patrons.models import Patron
from shufang.web.reader.outcomes import done, said_of
from shufang.web.reader.signed_in import Reader, for_reader

REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Ward:
    """A child with what it has out, what waits for it and what it owes."""

    patron: Patron
    loans: list[Loan]
    ready: list[Hold]
    owed: Decimal


@require_safe
@for_reader
def family(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show the children who are minors today. One query, and three a child."""
    wards = [_ward(patron) for patron in wards_of(reader.patron_id, timezone.localdate())]
    return render(request, "web/reader/account/family.html", {"wards": wards})


@require_POST
@for_reader
def renew_of_ward(request: HttpRequest, reader: Reader, ward_id: int, loan_id: int) -> HttpResponse:
    """Renew one loan; 404 for a child for whom the reader does not answer (any more)."""
    return _answer(request, renew_for_ward(RenewForWard(reader.patron_id, ward_id, loan_id), clock.now()))


@require_POST
@for_reader
def renew_all_of_ward(request: HttpRequest, reader: Reader, ward_id: int) -> HttpResponse:
    """Renew all that may be; 404 as above."""
    return _answer(request, renew_all_for_ward(RenewAllForWard(reader.patron_id, ward_id), clock.now()))


def _ward(patron: Patron) -> Ward:
    loans = Loan.objects.filter(patron=patron).select_related("item__title").order_by("due_at", "pk")
    ready = Hold.objects.filter(patron=patron, status=Hold.Status.READY).select_related("title", "pickup_branch")
    return Ward(patron, list(loans), list(ready), owed(patron.pk))


def _told(result: AllRenewed, language: str) -> str:
    counts = {"renewed": len(result.renewed), "unrenewed": len(result.unrenewed)} if result.unrenewed else {}
    why = [f"{one.title}: {said_of(one.refusal)}" for one in result.unrenewed[:REASONS_SHOWN]]
    return " ".join([outcome("all_renewed", language, **counts), *why])


def _answer(request: HttpRequest, result: object) -> HttpResponse:
    language = get_language() or ""
    if isinstance(result, Renewed):
        words = f"{result.title}: {outcome('renewed', language, due_at=result.due_at)}"
    elif isinstance(result, AllRenewed):
        words = _told(result, language)
    elif isinstance(result, Refusal):
        if result.code == "not_your_ward":
            raise Http404
        words = said_of(result)
    else:
        words = gettext("Nothing was changed")
    return done(request, words, "family")
