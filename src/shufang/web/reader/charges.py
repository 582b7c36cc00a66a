"""My charges: what I owe and why, paying it, what I paid, with receipts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shufang.kernel import clock
from shufang.kernel.money import ZERO
from shufang.kernel.refusal import Refusal
from shufang.money.charges import still_open
from shufang.money.models import Deposit, OnlinePayment, Payment, RefundDue
from shufang.money.online import PaymentStarted, StartPayment, start_payment, state_of
from shufang.money.providers.in_use import provider
from shufang.web.payments import callback_url
from shufang.web.reader.outcomes import said_of
from shufang.web.reader.sections import sections
from shufang.web.reader.signed_in import Reader, for_reader

SHOWN = 50


@require_safe
@for_reader
def charges(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what is owed, what is owed back, and what was paid."""
    still = still_open(reader.patron_id).select_related("item__title", "library")
    lines = [(charge, charge.amount - charge.settled) for charge in still]
    payments = Payment.objects.filter(patron_id=reader.patron_id).order_by("-at", "-id")[:SHOWN]
    context = {
        "lines": lines,
        "owed": sum((left for _, left in lines), ZERO),
        "payments": payments,
        "refunds": RefundDue.objects.filter(patron_id=reader.patron_id, refund__isnull=True),
        "deposit": Deposit.objects.filter(patron_id=reader.patron_id, refunded_at__isnull=True).first(),
        "provider": provider(),
        "sections": sections(reader.patron_id, "my_charges"),
    }
    return render(request, "web/reader/lending/charges.html", context)


@require_POST
@for_reader
def pay_charges(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Start a payment of all that is owed, and lead to where it is paid."""
    address = reverse("my_payment", args=["_"]).replace("_", "{reference}")
    command = StartPayment(
        reader.card_number,
        OnlinePayment.Purpose.CHARGES,
        return_url=_absolute(request, address),
        callback_url=callback_url(request),
    )
    started = start_payment(command, clock.now())
    if isinstance(started, Refusal):
        messages.warning(request, said_of(started))
        return HttpResponseRedirect(reverse("my_charges"))
    return HttpResponseRedirect(_where_to_pay(request, started))


@require_safe
@for_reader
def payment(request: HttpRequest, reader: Reader, reference: str) -> HttpResponse:
    """Say what became of a payment; 404 for somebody else's. Only the provider's own word counts, not this visit."""
    state = state_of(reference)
    if state is None or state.patron_id != reader.patron_id:
        raise Http404
    context = {
        "state": state,
        "is_page": state.address.startswith(("https://", "http://")),
        "sections": sections(reader.patron_id, "my_charges"),
    }
    return render(request, "web/reader/lending/payment.html", context)


@require_safe
@for_reader
def receipt(request: HttpRequest, reader: Reader, payment_id: int) -> HttpResponse:
    """Show what a payment paid, for printing; 404 for somebody else's."""
    mine = Payment.objects.select_related("branch", "deposit", "surplus", "refunded_deposit", "refund_due")
    found = get_object_or_404(mine, pk=payment_id, patron_id=reader.patron_id)
    context = {
        "payment": found,
        "parts": found.settlements.select_related("charge__library", "charge__item__title").order_by("id"),
        "back": -found.amount if found.amount < 0 else None,
    }
    return render(request, "web/reader/lending/receipt.html", context)


def _absolute(request: HttpRequest, path: str) -> str:
    return f"{request.scheme}://{request.get_host()}{path}"


def _where_to_pay(request: HttpRequest, started: PaymentStarted) -> str:
    """Return the provider's page if it is on this site, else our own page, which shows the way (a form may not leave)."""
    here = _absolute(request, "/")
    return started.address if started.address.startswith(here) else reverse("my_payment", args=[started.reference])
