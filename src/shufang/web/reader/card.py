"""The card on the phone: the page, and what the phone needs to make codes alone."""

from base64 import b64encode
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from shufang.circulation.sentences import sentence
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons.card_life import card_refusal
from shufang.patrons.models import Card
from shufang.patrons.phone_card import code_for, phone_card, secret_of
from shufang.patrons.phone_code import STEP
from shufang.web.codes import Drawing, code_128, qr_code
from shufang.web.reader.offline import kept_offline
from shufang.web.reader.signed_in import Reader, for_reader


@require_safe
@kept_offline
@for_reader
def card(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show the card with a code that is good now; scripts go on from there. Three queries, and a row on the first visit."""
    now = clock.now()
    found = _card(reader)
    refusal = _refusal(found)
    code = None if found is None or refusal else _code(reader, found, now)
    context = {
        "card": found,
        "name": reader.name,
        "number": spaced(found.number) if found else "",
        "refusal": sentence(refusal, get_language() or "") if refusal else "",
        "code": code,
        "bars": bars(found.number) if code and found else None,
        "left": STEP - int(now.timestamp()) % STEP,
        "step": STEP,
    }
    return render(request, "web/reader/phone/card.html", context)


@require_POST
@for_reader
def card_secret(_request: HttpRequest, reader: Reader) -> HttpResponse:
    """Give the reader's own device its handle and secret, and the time. 409: no code, for this card or this device."""
    now = clock.now()
    found = _card(reader)
    if found is None or _refusal(found) or not reader.is_own_device:
        return JsonResponse({}, status=409)
    phone = phone_card(reader.session_id, found.number, now)
    if phone is None:
        return JsonResponse({}, status=409)
    secret = b64encode(secret_of(phone)).decode()
    return JsonResponse({"handle": phone.handle, "secret": secret, "now": now.timestamp()})


def spaced(number: str) -> str:
    """Return a long number of digits in groups of four, as it is read aloud; any other as it is."""
    if len(number) < 12 or not number.isdigit():
        return number
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def bars(number: str) -> Drawing | None:
    """Return the barcode of a card's number, None for one that bars cannot say."""
    try:
        return code_128(number)
    except ValueError:
        return None


def _card(reader: Reader) -> Card | None:
    return Card.objects.select_related("kind").filter(number=reader.card_number, patron=reader.patron_id).first()


def _refusal(found: Card | None) -> Refusal | None:
    return card_refusal(found, timezone.localdate()) if found else None


def _code(reader: Reader, found: Card, now: datetime) -> Drawing | None:
    phone = phone_card(reader.session_id, found.number, now)
    return qr_code(code_for(phone, now)) if phone else None
