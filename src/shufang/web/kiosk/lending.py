"""Borrowing, returning and renewing at the kiosk: one book a request, each with its own answer. The verbs decide."""

from datetime import datetime

from shufang.branches.replies import Repeated
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.checkout import CheckedOut, Checkout, checkout
from shufang.circulation.conflicts import Reported
from shufang.circulation.local_days import local_day
from shufang.circulation.renew import Renew, Renewed, renew
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.web.kiosk.asked import Asked, Reply, answers, once, request_key, text
from shufang.web.kiosk.books import shown_with
from shufang.web.kiosk.device import Kiosk
from shufang.web.kiosk.visits import OVER, visit_of
from shufang.web.kiosk.words import refused, told_due, told_return


@answers
def borrow(kiosk: Kiosk, asked: Asked) -> Reply:
    """Lend the book with `barcode` to whose visit it is. A book that he has already is not renewed by lying there."""
    now = clock.now()
    visit = visit_of(kiosk, asked, now)
    if visit is None:
        return OVER
    barcode, key = text(asked, "barcode"), request_key(kiosk, asked)
    command = Checkout(
        card_number=visit.card_number,
        barcode=barcode,
        place=kiosk.place,
        pin=visit.pin,
        pin_version=visit.pin_version,
        may_renew=False,
        request=key,
    )

    def work() -> Reply | bytes:
        done = checkout(command, now)
        return done.reply if isinstance(done, Repeated) else lent(barcode, done)

    return once(key, work)


def lent(barcode: str, done: CheckedOut | Reported | Refusal) -> Reply:
    """Return what is answered about a loan. One query."""
    match done:
        case CheckedOut():
            return shown_with(
                barcode, {"ok": True, "due": _day(done.due_at), "words": told_due("checked_out", done.due_at)}
            )
        case Refusal():
            may_renew = done.code == "already_on_loan" and done.values.get("because") is None
            return shown_with(barcode, _no(done) | {"may_renew": may_renew})
        case Reported():
            return shown_with(barcode, {"ok": True})


@answers
def give_back(kiosk: Kiosk, asked: Asked) -> Reply:
    """Take back the book with `barcode`, whoever lays it down. Whose it was is not told."""
    now = clock.now()
    barcode, key = text(asked, "barcode"), request_key(kiosk, asked)

    def work() -> Reply | bytes:
        done = checkin(Checkin(barcode=barcode, place=kiosk.place, request=key), now)
        return done.reply if isinstance(done, Repeated) else taken_back(barcode, done)

    return once(key, work)


def taken_back(barcode: str, done: CheckedIn | Reported | Refusal) -> Reply:
    """Return what is answered about a return. At most two queries."""
    match done:
        case CheckedIn():
            first, *then = told_return(done)
            return shown_with(
                barcode, {"ok": True, "words": first, "then": then[0] if then else None, "look": done.alert is not None}
            )
        case Refusal():
            return shown_with(barcode, _no(done))
        case Reported():
            return shown_with(barcode, {"ok": True})


@answers
def renew_one(kiosk: Kiosk, asked: Asked) -> Reply:
    """Renew the loan of the book with `barcode`."""
    now = clock.now()
    visit = visit_of(kiosk, asked, now)
    if visit is None:
        return OVER
    barcode, key = text(asked, "barcode"), request_key(kiosk, asked)
    command = Renew(
        card_number=visit.card_number,
        barcode=barcode,
        place=kiosk.place,
        pin=visit.pin,
        pin_version=visit.pin_version,
        request=key,
    )

    def work() -> Reply | bytes:
        done = renew(command, now)
        return done.reply if isinstance(done, Repeated) else renewed(barcode, done)

    return once(key, work)


def renewed(barcode: str, done: Renewed | Reported | Refusal) -> Reply:
    """Return what is answered about a renewal. One query."""
    match done:
        case Renewed():
            return shown_with(
                barcode,
                {"ok": True, "due": _day(done.due_at), "words": told_due("renewed", done.due_at), "renewed": True},
            )
        case Refusal():
            return shown_with(barcode, _no(done))
        case Reported():
            return shown_with(barcode, {"ok": True})


def _day(due_at: datetime) -> str:
    return local_day(due_at).isoformat()


def _no(refusal: Refusal) -> Reply:
    return {"ok": False, "refusal": refusal.code, "words": refused(refusal)}
