"""Borrowing with the phone: the kiosk's code proves that the reader is there, then each book is lent by its barcode.

No page undoes a loan: whoever could would carry a book out and hand it back from the street.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shufang.branches.models import Branch
from shufang.branches.presence import (
    PROOF,
    Presence,
    Seen,
    arrival_of,
    arrived,
    branch_of,
    phone_account,
    proof_of,
    proved,
    take,
)
from shufang.branches.replies import Repeated, RequestKey, keep_reply
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.models import Loan
from shufang.circulation.place import PinCheck, Place
from shufang.circulation.sentences import outcome
from shufang.kernel import clock
from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.refusal import Refusal
from shufang.patrons.tries import count_try, tries_of
from shufang.web.reader.outcomes import said_of
from shufang.web.reader.signed_in import Reader, for_reader, never_cached, signed_in
from shufang.web.visitor import address_key

COOKIE, ARRIVAL_COOKIE = "shufang_here", "shufang_arrival"
CAMERA = "camera=(self)"
QUARTER = timedelta(minutes=15)
MOST_CODES = 20
"""Wrong codes of a device or address in a quarter of an hour; all phones of a study may share one address."""
MOST_BARCODES = 40
"""Unknown barcodes of a sign-in in a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Said:
    """What came of the last book: a sentence, and the title where it is known."""

    text: str
    title: str
    is_good: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def here(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Ask for the kiosk's code (POST: typed), or show where the reader is and what he has borrowed there just now."""
    now = clock.now()
    if request.method == "POST":
        return _read(request, reader, request.POST.get("code", ""), now)
    waiting = arrived(request.COOKIES.get(ARRIVAL_COOKIE, ""), now)
    if waiting is not None:
        seen, at = waiting
        return _enter(request, reader, seen, at)
    found = proved(request.COOKIES.get(COOKIE, ""), reader.session_id, now)
    if isinstance(found, Refusal):
        return _ask(request, None if found.code == "presence_missing" else found)
    return _with_camera(render(request, "web/reader/phone/here.html", _present(reader, found)))


@require_safe
def arrive(request: HttpRequest, code: str) -> HttpResponse:
    """Take the code that a phone's camera read off the kiosk. Who is not signed in does so first; the code still counts."""
    return never_cached(_read(request, signed_in(request), code, clock.now()))


@require_POST
@for_reader
def borrow(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Lend one book. With htmx the answer is the list with it on top, else the page again."""
    now = clock.now()
    found = proved(request.COOKIES.get(COOKIE, ""), reader.session_id, now)
    if isinstance(found, Refusal):
        return _back_to_code(request, found)
    said = _borrow(reader, found, request.POST.get("code", "").strip()[:60], now)
    if request.headers.get("HX-Request"):
        return render(request, "web/reader/phone/borrowed.html", {**_present(reader, found), "said": said})
    words = f"{said.title}: {said.text}" if said.title else said.text
    messages.add_message(request, messages.SUCCESS if said.is_good else messages.WARNING, words)
    return HttpResponseRedirect(reverse("self_checkout"))


@require_safe
@for_reader
def done(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what was borrowed, and be there no longer."""
    found = proved(request.COOKIES.get(COOKIE, ""), reader.session_id, clock.now())
    if isinstance(found, Refusal):
        return HttpResponseRedirect(reverse("my_loans"))
    response = render(request, "web/reader/phone/here_done.html", _present(reader, found))
    response.delete_cookie(COOKIE, path=reverse("self_checkout"), samesite="Lax")
    return response


def _read(request: HttpRequest, reader: Reader | None, code: str, now: datetime) -> HttpResponse:
    who = f"session:{reader.session_id}" if reader else address_key(request)
    if tries_of("presence", who, QUARTER, now) >= MOST_CODES:
        return _ask(request, Refusal("presence_too_many"), 429)
    seen = branch_of(code, now)
    if isinstance(seen, Refusal):
        count_try("presence", who, QUARTER, now)
        return _ask(request, seen)
    if reader is not None:
        return _enter(request, reader, seen, now)
    response = HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({'next': reverse('self_checkout')})}")
    _set(response, ARRIVAL_COOKIE, arrival_of(seen, now))
    return response


def _enter(request: HttpRequest, reader: Reader, seen: Seen, at: datetime) -> HttpResponse:
    """Count the code for this reader and lead to the page that lends, with a proof from `at` on."""
    refusal = (
        Refusal("phone_lending_off") if phone_account(seen.branch_id) is None else take(seen, reader.patron_id, at)
    )
    if refusal is not None and not _is_there(request, reader, seen):
        response = _ask(request, refusal)
        response.delete_cookie(ARRIVAL_COOKIE, path=reverse("self_checkout"), samesite="Lax")
        return response
    response = HttpResponseRedirect(reverse("self_checkout"))
    if refusal is None:
        _set(response, COOKIE, proof_of(seen, reader.session_id, at))
    response.delete_cookie(ARRIVAL_COOKIE, path=reverse("self_checkout"), samesite="Lax")
    return response


def _is_there(request: HttpRequest, reader: Reader, seen: Seen) -> bool:
    """Say whether this sign-in has proved already that it is in that branch: the same code twice changes nothing."""
    found = proved(request.COOKIES.get(COOKIE, ""), reader.session_id, clock.now())
    return isinstance(found, Presence) and found.branch_id == seen.branch_id


def _borrow(reader: Reader, presence: Presence, barcode: str, now: datetime) -> Said:
    account = phone_account(presence.branch_id)
    who = f"session:{reader.session_id}"
    if account is None:
        return _no(Refusal("phone_lending_off"))
    if tries_of("barcode", who, QUARTER, now) >= MOST_BARCODES:
        return _no(Refusal("presence_too_many"))
    command = Checkout(
        card_number=reader.card_number,
        barcode=barcode,
        place=Place(presence.branch_id, device_id=account.pk, is_attended=False),
        pin=PinCheck.RIGHT,
        may_renew=False,
        request=_key(reader, presence, barcode),
    )
    lent = _lend(command, now)
    if isinstance(lent, Refusal):
        if lent.code == "item_unknown":
            count_try("barcode", who, QUARTER, now)
        return _no(lent)
    title, due_at = lent
    return Said(outcome("checked_out", get_language() or "", due_at=due_at), title, is_good=True)


def _lend(command: Checkout, now: datetime) -> tuple[str, datetime] | Refusal:
    """Lend through the verb and keep what is answered with the loan: the same tap again gets it and lends nothing."""
    with transaction.atomic():
        lent = checkout(command, now)
        if isinstance(lent, CheckedOut) and command.request is not None:
            reply = json.dumps({"title": lent.title, "due_at": lent.due_at.isoformat()}).encode()
            keep_reply("item", lent.item_id, command.request, lent.event_id, reply, now)
            return lent.title, lent.due_at
    if isinstance(lent, Repeated):
        kept = json.loads(lent.reply)
        return str(kept["title"]), datetime.fromisoformat(kept["due_at"])
    return lent if isinstance(lent, Refusal) else Refusal("not_now")


def _key(reader: Reader, presence: Presence, barcode: str) -> RequestKey:
    """Return the key of lending this book in this visit."""
    since = presence.since.isoformat()
    parts = (str(reader.session_id), since, str(presence.branch_id), barcode)
    key = keyed_hash(settings.SHUFANG_CODE_KEY, b"borrow", *(part.encode(errors="surrogatepass") for part in parts))
    return RequestKey(key, connection=f"phone:{reader.session_id}"[:40])


def _no(refusal: Refusal) -> Said:
    return Said(said_of(refusal), str(refusal.values.get("title") or ""), is_good=False)


def _present(reader: Reader, presence: Presence) -> dict[str, object]:
    loans = borrowed(reader.patron_id, presence)
    return {
        "branch": Branch.objects.get(pk=presence.branch_id),
        "until": presence.until,
        "loans": loans,
        "due_at": loans[0].due_at if len({loan.due_at for loan in loans}) == 1 else None,
    }


def borrowed(patron_id: int, presence: Presence) -> Sequence[Loan]:
    """Return what a reader has borrowed in this visit, the newest first. One query."""
    lent = Loan.objects.filter(
        patron_id=patron_id, calendar_branch_id=presence.branch_id, borrowed_at__gte=presence.since
    )
    return list(lent.select_related("item__title").order_by("-borrowed_at", "-pk"))


def _ask(request: HttpRequest, refusal: Refusal | None = None, status: int = 422) -> HttpResponse:
    context = {"refusal": said_of(refusal) if refusal else ""}
    return _with_camera(render(request, "web/reader/phone/here_ask.html", context, status=status if refusal else 200))


def _back_to_code(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("self_checkout")})
    return _ask(request, refusal)


def _with_camera(response: HttpResponse) -> HttpResponse:
    response.headers["Permissions-Policy"] = CAMERA
    return response


def _set(response: HttpResponse, name: str, token: str) -> None:
    response.set_cookie(
        name,
        token,
        max_age=int(PROOF.total_seconds()),
        path=reverse("self_checkout"),
        httponly=True,
        samesite="Lax",
        secure=settings.SHUFANG_HTTPS,
    )
