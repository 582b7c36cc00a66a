"""Closing the account: what it means, what stands in its way, and doing it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons.pin import check_pin
from shufang.registration.close_account import AccountClosed, CloseAccount, close_account, hindrances
from shufang.web.reader.kept import days_after_closing
from shufang.web.reader.outcomes import done, refused, said_of
from shufang.web.reader.signed_in import Reader, for_reader, forget
from shufang.web.templatetags.money_words import money
from shufang.web.visitor import address_key

CLOSE = "web/reader/account/close.html"


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def close(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Say what closing the account means and what stands in its way; with the PIN it is closed."""
    now = clock.now()
    context: dict[str, object] = {
        "hindrances": [said_of(refusal) for refusal in hindrances(reader.patron_id, now)],
        "until": days_after_closing(),
        "back_name": "privacy",
    }
    if request.method != "POST":
        return render(request, CLOSE, context)
    pin = check_pin(reader.card_number, request.POST.get("pin", "").strip()[:40], address_key(request), now)
    outcome = close_account(CloseAccount(reader.patron_id, pin), now)
    if isinstance(outcome, Refusal):
        return refused(request, CLOSE, outcome, context)
    response = done(request, _farewell(outcome), "home")
    forget(response)
    return response


def _farewell(closed: AccountClosed) -> str:
    words = [gettext("Your account is closed, and your history is erased.")]
    if closed.deposit and closed.is_online:
        words.append(
            gettext("Your deposit of %(amount)s goes back the way it came.") % {"amount": money(closed.deposit)}
        )
    elif closed.deposit:
        words.append(
            gettext("Your deposit of %(amount)s waits at any desk: bring your identity document.")
            % {"amount": money(closed.deposit)}
        )
    return " ".join(words)
