"""My loans: what I have out, most urgent first; renew one, or all that may be."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from shufang.circulation.models import Loan
from shufang.circulation.place import PinCheck
from shufang.circulation.renew import Renew, Renewed, renew
from shufang.circulation.renew_all import AllRenewed, RenewAll, renew_all
from shufang.circulation.sentences import outcome
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.web.reader import here
from shufang.web.reader.mine import Out, headline, out
from shufang.web.reader.offline import kept_offline
from shufang.web.reader.outcomes import said_of
from shufang.web.reader.sections import sections
from shufang.web.reader.signed_in import Reader, for_reader
from shufang.web.reader.told import Word, tell, told


@dataclass(frozen=True, slots=True)
class Line:
    """A loan as it is shown, and what was just said about it."""

    out: Out
    said: Word | None = None


@require_safe
@kept_offline
@for_reader
def loans(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what is out."""
    said = told(request)
    things = out(reader.patron_id)
    context = {
        "headline": headline(things),
        "lines": [Line(thing, said.get(thing.loan_id)) for thing in things],
        "sections": sections(reader.patron_id, "my_loans", loans=len(things)),
    }
    return render(request, "web/reader/lending/loans.html", context)


@require_POST
@for_reader
def renew_loan(request: HttpRequest, reader: Reader, loan_id: int) -> HttpResponse:
    """Renew one; 404 for a loan of somebody else."""
    mine = Loan.objects.select_related("item").filter(patron_id=reader.patron_id)
    loan = get_object_or_404(mine, pk=loan_id)
    command = Renew(reader.card_number, here.at(loan.calendar_branch_id), barcode=loan.item.barcode, pin=PinCheck.RIGHT)
    word = _word(renew(command, clock.now()))
    if not request.headers.get("HX-Request"):
        tell(request, loan_id, word.text, is_good=word.is_good)
        return HttpResponseRedirect(reverse("my_loans"))
    thing = next((thing for thing in out(reader.patron_id) if thing.loan_id == loan_id), None)
    line = Line(thing, word) if thing is not None else None
    return render(request, "web/parts/loan.html", {"line": line})


@require_POST
@for_reader
def renew_all_loans(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Renew all that may be; what was refused says why beside itself."""
    done = renew_all(RenewAll(reader.card_number, here.own_place(reader), PinCheck.RIGHT), clock.now())
    if isinstance(done, AllRenewed):
        _tell_all(request, reader, done)
    elif isinstance(done, Refusal):
        messages.warning(request, said_of(done))
    return HttpResponseRedirect(reverse("my_loans"))


def _word(done: object) -> Word:
    if isinstance(done, Renewed):
        return Word(outcome("renewed", get_language() or "", due_at=done.due_at), is_good=True)
    return Word(said_of(done if isinstance(done, Refusal) else Refusal("not_now")), is_good=False)


def _tell_all(request: HttpRequest, reader: Reader, done: AllRenewed) -> None:
    language = get_language() or ""
    by_barcode = {thing.barcode: thing.loan_id for thing in out(reader.patron_id)}
    for line in done.renewed:
        tell(request, by_barcode[line.barcode], outcome("renewed", language, due_at=line.due_at), is_good=True)
    for kept in done.unrenewed:
        tell(request, by_barcode[kept.barcode], said_of(kept.refusal), is_good=False)
    values = {"renewed": len(done.renewed), "unrenewed": len(done.unrenewed)}
    messages.success(request, outcome("all_renewed", language, **(values if done.unrenewed else {})))
