"""My reservations: where each stands, honestly; another branch, a pause, giving one up. And reserving a title."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from shufang.branches.models import Branch
from shufang.catalogue.models import Title
from shufang.circulation.cancel_hold import CancelHold, HoldCancelled, cancel_hold
from shufang.circulation.change_pickup import ChangePickup, change_pickup
from shufang.circulation.hold import HoldPlaced, PlaceHold, place_hold
from shufang.circulation.hold_at_hand import HoldChanged
from shufang.circulation.hold_estimate import QueuePlace, queue_place
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.models import Hold
from shufang.circulation.place import PinCheck
from shufang.circulation.suspend_hold import ResumeHold, SuspendHold, resume_hold, suspend_hold
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.web.reader import here
from shufang.web.reader.outcomes import said_of
from shufang.web.reader.sections import sections
from shufang.web.reader.signed_in import Reader, for_reader
from shufang.web.reader.title import pickups
from shufang.web.reader.told import Word, tell, told
from shufang.web.templatetags.days import when_coming
from shufang.web.templatetags.words import day, named
from shufang.web.whereabouts import all_branches


@dataclass(frozen=True, slots=True)
class Line:
    """A reservation as it is shown: its place in the queue, and what was just said about it."""

    hold: Hold
    place: QueuePlace
    said: Word | None

    @property
    def is_waiting(self) -> bool:
        """Return whether no book is kept for it yet."""
        return self.hold.status == Hold.Status.WAITING


@require_safe
@for_reader
def holds(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what is reserved: what is ready first, then by the day it was placed. About seven queries a reservation."""
    said = told(request)
    now = clock.now()
    mine = Hold.objects.filter(patron_id=reader.patron_id, status__in=OPEN)
    rows = list(mine.select_related("title", "pickup_branch", "item").order_by("queued_at", "id"))
    lines = [Line(hold, queue_place(hold, now), said.get(hold.pk)) for hold in rows]
    context = {
        "lines": sorted(lines, key=lambda line: (line.place.position > 0, line.hold.status != Hold.Status.READY)),
        "branches": pickups(all_branches(), reader.home_branch_id),
        "sections": sections(reader.patron_id, "my_holds"),
    }
    return render(request, "web/reader/lending/holds.html", context)


@require_POST
@for_reader
def reserve(request: HttpRequest, reader: Reader, title_id: int) -> HttpResponse:
    """Reserve a title (`pickup`, `volume`, `until`); lead back to it, where the queue is told."""
    get_object_or_404(Title.objects.filter(is_suppressed=False), pk=title_id)
    pickup = _branch(request.POST.get("pickup", ""))
    back = HttpResponseRedirect(reverse("title", args=[title_id]))
    if pickup is None:
        messages.warning(request, said_of(Refusal("pickup_not_here")))
        return back
    command = PlaceHold(
        reader.card_number,
        here.at(pickup.pk),
        title_id=title_id,
        volume=request.POST.get("volume", "")[:80],
        pickup_branch_id=pickup.pk,
        pin=PinCheck.RIGHT,
        not_needed_after=_day(request.POST.get("until", "")),
    )
    done = place_hold(command, clock.now())
    if isinstance(done, HoldPlaced):
        messages.success(request, placed_words(done, named(pickup)))
    elif isinstance(done, Refusal):
        messages.warning(request, said_of(done))
    return back


def placed_words(done: HoldPlaced, pickup: str) -> str:
    """Return what is said about a new reservation: its place, and when the book may honestly be expected."""
    if done.available:
        return gettext("Reserved. A copy is free; it is fetched for you to %(branch)s.") % {"branch": pickup}
    values = {"position": done.position, "branch": pickup}
    if done.expected_on is None:
        return gettext("Reserved, number %(position)s in the queue. Nobody can say when a copy comes.") % values
    values["when"] = when_coming(done.expected_on)
    return gettext("Reserved, number %(position)s in the queue. About %(when)s at %(branch)s.") % values


@require_POST
@for_reader
def cancel(request: HttpRequest, reader: Reader, hold_id: int) -> HttpResponse:
    """Give a reservation up."""
    hold = _mine(reader, hold_id)
    command = CancelHold(here.at(hold.pickup_branch_id), hold.pk, reader.card_number, pin=PinCheck.RIGHT)
    done = cancel_hold(command, clock.now())
    if isinstance(done, HoldCancelled):
        messages.success(request, gettext("The reservation of “%(title)s” is cancelled") % {"title": done.title})
    elif isinstance(done, Refusal):
        tell(request, hold_id, said_of(done), is_good=False)
    return HttpResponseRedirect(reverse("my_holds"))


@require_POST
@for_reader
def pause(request: HttpRequest, reader: Reader, hold_id: int) -> HttpResponse:
    """Suspend a reservation until a day (`until`; empty: until it is resumed)."""
    hold = _mine(reader, hold_id)
    text = request.POST.get("until", "")
    until = _day(text)
    if text and until is None:
        tell(request, hold_id, gettext("That is no day. Choose one."), is_good=False)
        return HttpResponseRedirect(reverse("my_holds"))
    command = SuspendHold(here.at(hold.pickup_branch_id), hold.pk, until, reader.card_number, PinCheck.RIGHT)
    words = gettext("Paused until %(day)s") % {"day": day(until)} if until else gettext("Paused")
    return _changed(request, hold_id, suspend_hold(command, clock.now()), words)


@require_POST
@for_reader
def resume(request: HttpRequest, reader: Reader, hold_id: int) -> HttpResponse:
    """Take a suspended reservation up again."""
    hold = _mine(reader, hold_id)
    command = ResumeHold(here.at(hold.pickup_branch_id), hold.pk, reader.card_number, PinCheck.RIGHT)
    return _changed(request, hold_id, resume_hold(command, clock.now()), gettext("It waits again"))


@require_POST
@for_reader
def move(request: HttpRequest, reader: Reader, hold_id: int) -> HttpResponse:
    """Pick a reservation up at another branch (`pickup`)."""
    hold = _mine(reader, hold_id)
    branch = _branch(request.POST.get("pickup", ""))
    if branch is None:
        tell(request, hold_id, said_of(Refusal("pickup_not_here")), is_good=False)
        return HttpResponseRedirect(reverse("my_holds"))
    command = ChangePickup(
        here.at(hold.pickup_branch_id), branch.pk, hold_id=hold.pk, card_number=reader.card_number, pin=PinCheck.RIGHT
    )
    words = gettext("You will pick it up at %(branch)s") % {"branch": named(branch)}
    return _changed(request, hold_id, change_pickup(command, clock.now()), words)


def _changed(request: HttpRequest, hold_id: int, done: object, words: str) -> HttpResponse:
    if isinstance(done, HoldChanged):
        tell(request, hold_id, words, is_good=True)
    elif isinstance(done, Refusal):
        tell(request, hold_id, said_of(done), is_good=False)
    return HttpResponseRedirect(reverse("my_holds"))


def _mine(reader: Reader, hold_id: int) -> Hold:
    return get_object_or_404(Hold.objects.filter(patron_id=reader.patron_id, status__in=OPEN), pk=hold_id)


def _branch(code: str) -> Branch | None:
    return Branch.objects.filter(code=code[:20], is_enabled=True).first()


def _day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None
