"""Where payment providers tell what became of an order. Their signature is all that counts; no cookie is read."""

import logging

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.money.online import ConfirmPayment, confirm_payment
from shufang.money.providers.in_use import provider_named

LARGEST = 64 * 1024
_UNREADABLE = {"signature_wrong", "callback_invalid"}

log = logging.getLogger("shufang.money")


@csrf_exempt
@require_POST
def call_back(request: HttpRequest, provider: str) -> HttpResponse:
    """Take a call-back (signed, so that no other proof is needed) and answer as the provider wants it.

    What is kept for staff is taken too: bringing it again would change nothing. An unknown order is not, for the
    provider may be quicker than we are.
    """
    through = provider_named(provider)
    if through is None:
        return HttpResponse(status=404)
    body = request.body if int(request.headers.get("Content-Length") or 0) <= LARGEST else b""
    done = confirm_payment(ConfirmPayment(provider, body, request.headers), clock.now())
    if isinstance(done, Refusal) and done.code in _UNREADABLE:
        return HttpResponse(done.code, status=403, content_type="text/plain")
    answer = through.answer(is_taken=done.code != "payment_unknown")
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


def callback_url(request: HttpRequest) -> str:
    """Return the address for call-backs, with {provider} in it."""
    path = reverse("payment_call_back", args=["_"]).replace("_", "{provider}")
    return f"{request.scheme}://{request.get_host()}{path}"
