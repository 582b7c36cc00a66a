"""Who stands at the kiosk: shown by a card, by the code of a phone, or by number and PIN. The page holds the only token.

The server keeps a hash that says whether the visit still stands, and nothing about whose it is.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing

from shufang.branches import device_sessions
from shufang.catalogue.models import Item
from shufang.circulation.patron_status import PatronStatus, patron_status
from shufang.circulation.place import PinCheck
from shufang.kernel import clock
from shufang.kernel.numbers import as_number
from shufang.kernel.refusal import Refusal
from shufang.patrons import phone_card
from shufang.patrons.phone_code import looks_like_code
from shufang.patrons.pin import check_version
from shufang.registration.city_cards.know_card import Known, know_card
from shufang.web.kiosk.asked import Asked, Reply, answers, text
from shufang.web.kiosk.device import Kiosk
from shufang.web.kiosk.words import refused

_SALT = "shufang.kiosk.visit"


@dataclass(frozen=True, slots=True)
class Visit:
    """A reader who stands at this kiosk. `pin_version` is that of the PIN that was found right, if one was asked."""

    card_number: str
    pin: PinCheck = PinCheck.NOT_ASKED
    pin_version: int | None = None


def begin(kiosk: Kiosk, visit: Visit, now: datetime) -> str:
    """Let this reader stand at the kiosk; return the token that the page must hold, and nobody else."""
    nonce = device_sessions.begin_visit(kiosk.session.pk, now)
    return signing.dumps([nonce, visit.card_number, visit.pin_version], salt=_SALT)


def visit_of(kiosk: Kiosk, asked: Asked, now: datetime) -> Visit | None:
    """Return the visit whose token was sent, while it stands at this kiosk."""
    try:
        nonce, visit = _read(text(asked, "visit", 500))
    except signing.BadSignature:
        return None
    return visit if device_sessions.visit_goes_on(kiosk.session, nonce, now) else None


def visit_that_was(token: str) -> Visit | None:
    """Return whose visit a token was, also when it has ended: for what waited in the kiosk's queue."""
    try:
        return _read(token)[1]
    except signing.BadSignature:
        return None


def _read(token: str) -> tuple[str, Visit]:
    nonce, card_number, pin_version = signing.loads(token, salt=_SALT)
    return nonce, Visit(card_number, PinCheck.NOT_ASKED if pin_version is None else PinCheck.RIGHT, pin_version)


OVER: Reply = {"ok": False, "refusal": "visit_over"}
"""What is answered to a page whose visit has ended: it clears itself."""


@answers
def begin_visit(kiosk: Kiosk, asked: Asked) -> Reply:
    """Begin. `card` is what was scanned or typed, `by` says which ("scan", "number"), `pin` what was typed.

    Answers `needs: "pin"` when a PIN is asked for, `is_item` when a book was scanned instead of a card.
    """
    now = clock.now()
    shown, is_scanned = text(asked, "card"), text(asked, "by") == "scan"
    if is_scanned and looks_like_code(shown):
        found = phone_card.read_code(shown, now)
        return _no(found) if isinstance(found, Refusal) else stands(kiosk, Visit(found), now)
    if is_scanned and Item.objects.filter(barcode=as_number(shown)).exists():
        return {"ok": False, "is_item": True}
    place, pin = f"device:{kiosk.device_id}", text(asked, "pin", 20)
    if know_card(shown, pin, place, now) is Known.AWAY:
        return _no(Refusal("card_centre_away"))
    if is_scanned and not kiosk.needs_pin:
        return stands(kiosk, Visit(shown), now)
    if not pin:
        return {"ok": False, "needs": "pin"}
    checked, version = check_version(shown, pin, place, now)
    if checked is not PinCheck.RIGHT:
        return {**_no(Refusal(f"pin_{checked.value}")), "needs": "pin"}
    return stands(kiosk, Visit(shown, PinCheck.RIGHT, version), now)


def stands(kiosk: Kiosk, visit: Visit, now: datetime) -> Reply:
    """Let a reader stand at the kiosk whose card is known by now, and tell the page how he stands; or why he may not."""
    status = patron_status(visit.card_number, visit.pin, now)
    if status.refusal is not None and (not status.is_known or status.privileges.recall_denied):
        return _no(status.refusal)  # the card may do nothing at all
    return {"ok": True, "visit": begin(kiosk, visit, now), **standing(status)}


def standing(status: PatronStatus) -> Reply:
    """Return what a shared screen may show of how a reader stands: the last four signs of the card, never a name."""
    limit = status.charged_limit
    return {
        "tail": status.card_number[-4:],
        "left": None if limit is None else max(0, limit - status.charged),
        "out": status.charged,
        "ready": status.holds,
        "owed": f"{status.owed:.2f}",
        "notice": refused(status.refusal) if status.refusal is not None else None,
    }


@answers
def go_on(kiosk: Kiosk, asked: Asked) -> Reply:
    """Hear that somebody is still there."""
    return {"ok": True} if visit_of(kiosk, asked, clock.now()) is not None else OVER


@answers
def end_visit(kiosk: Kiosk, asked: Asked) -> Reply:
    """End the visit; nothing of it is left here."""
    try:
        nonce, _ = _read(text(asked, "visit", 500))
    except signing.BadSignature:
        return {"ok": True}
    device_sessions.end_visit(kiosk.session.pk, nonce)
    return {"ok": True}


def _no(refusal: Refusal) -> Reply:
    return {"ok": False, "refusal": refusal.code, "words": refused(refusal)}
