"""The page of the payment simulator: pay, decline, let nothing happen, call back twice."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from shufang.kernel import clock
from shufang.money.online import ConfirmPayment, confirm_payment
from shufang.money.providers import simulator
from shufang.money.providers.in_use import SIMULATOR, provider_named
from shufang.money.providers.interface import Order


@require_http_methods(["GET", "HEAD", "POST"])
def simulated_payment(request: HttpRequest) -> HttpResponse:
    """Show an order (`order`, signed) and do what is chosen (`choice`); 404 where no simulator is in use."""
    order = simulator.order_of(request.GET.get("order", ""))
    if provider_named(SIMULATOR) is None or order is None:
        raise Http404
    told = _told(order, request.POST.get("choice", "")) if request.method == "POST" else None
    if told == "":
        return HttpResponseRedirect(order.return_url)
    return render(request, "web/simulators/payment.html", {"order": order, "told": told})


def _told(order: Order, choice: str) -> str:
    """Call back as chosen; return what to say, nothing to go back to where the order came from."""
    if choice == "pay":
        _call_back(order, is_paid=True)
        return ""
    if choice == "twice":
        _call_back(order, is_paid=True)
        _call_back(order, is_paid=True)
        return ""
    if choice == "decline":
        _call_back(order, is_paid=False)
        return ""
    if choice == "nothing":
        return ""
    if choice == "silently":
        _call_back(order, is_paid=True)
        return gettext("Paid and called back. Nobody goes back to the library's page by himself.")
    return gettext("Choose one of these")


def _call_back(order: Order, *, is_paid: bool) -> None:
    """Take the way of every call-back: body and signature, verified like a stranger's."""
    body, headers = simulator.call_back(order, is_paid=is_paid)
    confirm_payment(ConfirmPayment(SIMULATOR, body, headers), clock.now())
