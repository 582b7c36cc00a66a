"""What the kiosk keeps for a time without a line: the key to seal to, the cards that may borrow little, its books.

Cards stand in it as keyed hashes cut to eight bytes, ten bytes a card, and only those that may not borrow as many as the
kiosk lends offline. The key is the kiosk's own: it must hash what it scans. Who steals the list can ask it of a card's
number, and learns what the kiosk would say.
"""

import base64
import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from shufang.branches.calendar import calendar_of
from shufang.circulation.known_offline import LimitedCard, days_lent, known_books, limited_cards
from shufang.circulation.local_days import local_day
from shufang.kernel import clock
from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.sealing import key_id, public_point
from shufang.patrons.models import Card
from shufang.web.kiosk.device import Kiosk, for_kiosk
from shufang.web.kiosk.sealed import sealing_key

_HASHED = 8
_CALENDAR_DAYS = 200
_CARDS_FOR_SHAPES = 2000


@require_safe
@for_kiosk
def last_known(_request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Answer. Five queries."""
    now = clock.now()
    device = kiosk.session.device
    point = public_point(sealing_key())
    hash_key = card_hash_key(kiosk.device_id)
    codes, cards = _packed(limited_cards(device.offline_loans, now), hash_key)
    return JsonResponse(
        {
            "as_of": int(now.timestamp() * 1000),
            "lends": device.lends_offline,
            "most": device.offline_loans,
            "hours": device.offline_hours,
            "context": context_of(kiosk.account),
            "key": _text(point),
            "key_id": key_id(point),
            "hash_key": _text(hash_key),
            "codes": codes,
            "cards": _text(cards),
            "shapes": sorted(shapes(_newest_cards())),
            "days": days_lent(kiosk.library_id, now),
            "closed": [day.isoformat() for day in _closed_days(kiosk.branch_id, local_day(now))],
        }
    )


@require_safe
@for_kiosk
def last_known_books(_request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Answer with the books of the branch, which no dead line shall turn into numbers. Three queries."""
    now = clock.now()
    return JsonResponse({"as_of": int(now.timestamp() * 1000), "books": list(known_books(kiosk.branch_id, now))})


def context_of(account: str) -> str:
    """Return what a sealed text of this kiosk is bound to."""
    return f"kiosk:{account}"


def card_hash_key(device_id: int) -> bytes:
    """Return the key with which this kiosk hashes the cards that it scans."""
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"kiosk cards", str(device_id).encode())


def _packed(limited: Iterable[LimitedCard], hash_key: bytes) -> tuple[list[str], bytes]:
    """Return the codes, and for each card in the order of hashes: hash, place of its code among them, how many it may borrow."""
    codes = [""]
    rows = []
    for card in limited:
        if card.code not in codes:
            codes.append(card.code)
        hashed = keyed_hash(hash_key, card.number.encode())[:_HASHED]
        rows.append(hashed + bytes((codes.index(card.code), min(card.left, 255))))
    return codes, b"".join(sorted(rows))


def shapes(numbers: Iterable[str]) -> set[str]:
    """Return how numbers of cards look: D9999999 for a D and seven digits."""
    return {re.sub(r"[0-9]", "9", number) for number in numbers}


def _newest_cards() -> Iterable[str]:
    return Card.objects.order_by("-id").values_list("number", flat=True)[:_CARDS_FOR_SHAPES]


def _closed_days(branch_id: int, today: date) -> list[date]:
    calendar = calendar_of(branch_id)
    days = (today + timedelta(days=ahead) for ahead in range(_CALENDAR_DAYS))
    return [day for day in days if not calendar.is_open(day)]


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
