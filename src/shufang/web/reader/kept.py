"""What is kept about a reader, why and until when, as rows of the privacy page. Dates come from the rows and the rules
by which the jobs erase, never from a text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from shufang.circulation.models import History, Hold, LastPatron, Loan, ReaderMonth
from shufang.circulation.reader_months import kept_until
from shufang.lists.models import BookList
from shufang.money.models import Charge, Deposit, Payment, RefundDue
from shufang.notices.kept import TOLD
from shufang.patrons import sessions
from shufang.patrons.models import HistoryConsent, Patron, PatronSession
from shufang.patrons.tries import KEPT as TRIES_KEPT
from shufang.registration.terms import agreed_since
from shufang.web.templatetags.money_words import money
from shufang.web.templatetags.words import day


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept."""

    what: str
    why: str
    until: str


def kept_about(patron_id: int, now: datetime) -> list[Kept]:
    """Return what is kept about a reader now; what there is nothing of is left out. About thirteen queries."""
    return [
        *_record(Patron.objects.get(pk=patron_id)),
        *_terms(patron_id),
        *_loans(patron_id),
        *_history(patron_id),
        *_months(patron_id),
        *_money(patron_id),
        *_lists(patron_id),
        *_devices(patron_id, now),
    ]


def days_after_closing() -> str:
    """Return when a closed account is forgotten."""
    days = settings.SHUFANG_CLOSED_PATRON_DAYS
    return ngettext("%(days)s day after you close your account", "%(days)s days after you close your account", days) % {
        "days": days
    }


def _record(patron: Patron) -> Iterator[Kept]:
    after_closing = days_after_closing()
    document = gettext("identity document (a hash, and the number with its middle hidden)")
    told = [
        gettext("name"),
        gettext("date of birth") if patron.birth_date else "",
        gettext("telephone") if patron.phone else "",
        gettext("e-mail") if patron.email else "",
        gettext("address") if patron.address else "",
        document if patron.identity_hash else "",
    ]
    what = gettext(", ").join(word for word in told if word)
    yield Kept(what[:1].upper() + what[1:], gettext("To know whose card it is, and to reach you"), after_closing)
    yield Kept(
        gettext("Your PIN, as a hash that nobody can turn back"), gettext("To know that it is you"), after_closing
    )
    yield Kept(
        gettext("Wrong PINs: how many, of which card, as hashes"),
        gettext("So that nobody can go on guessing"),
        _within(TRIES_KEPT),
    )


def _terms(patron_id: int) -> Iterator[Kept]:
    is_english = get_language() == "en"
    for terms, at in agreed_since(patron_id):
        heading = terms.heading_en if is_english else terms.heading
        yield Kept(
            gettext("That you agreed to: %(heading)s, version %(version)s")
            % {"heading": heading, "version": terms.version},
            gettext("To know which text stood when you did, on %(day)s") % {"day": day(at)},
            days_after_closing(),
        )


def _loans(patron_id: int) -> Iterator[Kept]:
    loans = Loan.objects.filter(patron_id=patron_id).aggregate(last=Max("due_at"))
    count = Loan.objects.filter(patron_id=patron_id).count()
    if count:
        yield Kept(
            ngettext("%(count)s loan", "%(count)s loans", count) % {"count": count},
            gettext("So that the library knows where its books are"),
            gettext("Until each is returned, the last by %(day)s") % {"day": day(loans["last"])},
        )
    holds = Hold.objects.filter(patron_id=patron_id).count()
    if holds:
        yield Kept(
            ngettext("%(count)s reservation", "%(count)s reservations", holds) % {"count": holds},
            gettext("To keep the book for you"),
            gettext("Until you fetch it, or it ends"),
        )
    last = LastPatron.objects.filter(patron_id=patron_id).aggregate(until=Max("until"))["until"]
    if last is not None:
        yield Kept(
            gettext("That you had some books last"),
            gettext("For claims when a book came back damaged; every look is written down"),
            _day_after(last),
        )
    if count or holds:
        yield Kept(
            gettext("Messages about them"),
            gettext("To tell you what is due and what waits for you"),
            gettext("%(days)s days, and never longer than loan or reservation") % {"days": TOLD.days},
        )


def _history(patron_id: int) -> Iterator[Kept]:
    consent = HistoryConsent.objects.filter(patron_id=patron_id, withdrawn_at__isnull=True).first()
    lines = History.objects.filter(patron_id=patron_id).count()
    if consent is None and not lines:
        return
    what = ngettext("Borrowing history, %(count)s line", "Borrowing history, %(count)s lines", lines)
    why = (
        gettext("You switched it on, on %(day)s") % {"day": day(consent.given_at)}
        if consent is not None
        else gettext("You had switched it on")
    )
    yield Kept(what % {"count": lines}, why, gettext("Until you erase it"))


def _months(patron_id: int) -> Iterator[Kept]:
    found = ReaderMonth.objects.filter(patron_id=patron_id).aggregate(first=Min("month"), last=Max("month"))
    if found["first"] is not None:
        yield Kept(
            gettext("In which months you borrowed at which branch, without the books"),
            gettext("To count readers, once each"),
            gettext("Month by month, the oldest until %(first)s, the newest until %(last)s")
            % {"first": day(kept_until(found["first"])), "last": day(kept_until(found["last"]))},
        )


def _money(patron_id: int) -> Iterator[Kept]:
    days = timedelta(days=settings.SHUFANG_SETTLED_CHARGE_DAYS)
    if Charge.objects.filter(patron_id=patron_id, settled_at__isnull=True).exists():
        yield Kept(gettext("What you owe"), gettext("To collect it"), gettext("Until it is settled"))
    settled = Charge.objects.filter(patron_id=patron_id).aggregate(last=Max("settled_at"))["last"]
    paid = Payment.objects.filter(patron_id=patron_id, deposit__isnull=True).aggregate(last=Max("at"))["last"]
    newest = max((moment for moment in (settled, paid) if moment is not None), default=None)
    if newest is not None:
        yield Kept(
            gettext("What was settled and paid, without the books"),
            gettext("For your questions and the accounts"),
            _day_after(timezone.localdate(newest + days)),
        )
    deposit = Deposit.objects.filter(patron_id=patron_id, refunded_at__isnull=True).first()
    if deposit is not None:
        yield Kept(
            gettext("Your deposit of %(amount)s") % {"amount": money(deposit.amount)},
            gettext("It is yours and comes back"),
            gettext("Until it is paid back"),
        )
    if RefundDue.objects.filter(patron_id=patron_id, refund__isnull=True).exists():
        yield Kept(gettext("What we owe you"), gettext("To pay it back"), gettext("Until it is paid back"))


def _lists(patron_id: int) -> Iterator[Kept]:
    lists = BookList.objects.filter(patron_id=patron_id).count()
    if lists:
        yield Kept(
            ngettext("%(count)s list of books", "%(count)s lists of books", lists) % {"count": lists},
            gettext("You made them"),
            gettext("Until you delete them"),
        )


def _devices(patron_id: int, now: datetime) -> Iterator[Kept]:
    standing: list[PatronSession] = list(sessions.standing(patron_id, now))
    if standing:
        last = max(
            one.seen_at + (sessions.OWN_DEVICE if one.is_own_device else sessions.OTHER_DEVICE) for one in standing
        )
        count = len(standing)
        yield Kept(
            ngettext("%(count)s device signed in", "%(count)s devices signed in", count) % {"count": count},
            gettext("So that you need not sign in each time"),
            gettext("Until you sign out; unused, until %(day)s") % {"day": day(last)},
        )


def _day_after(last: date) -> str:
    return gettext("Until %(day)s") % {"day": day(last)}


def _within(time: timedelta) -> str:
    return ngettext("%(days)s day", "%(days)s days", time.days) % {"days": time.days}
