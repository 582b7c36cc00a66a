"""The page on which the demonstration opens: reader app, kiosk and desk, one click away with somebody of the cast."""

from dataclasses import dataclass

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from shufang.branches import device_sessions
from shufang.branches.devices import check_device_password
from shufang.branches.models import Device
from shufang.demo import card_station, pad
from shufang.demo.cast import PIN
from shufang.demo.network import PASSWORD, STAFF
from shufang.demo.running import only_in_demonstration
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.patrons.sign_in import SignIn, sign_in
from shufang.web.kiosk import device as kiosk_device
from shufang.web.reader.outcomes import done, said_of
from shufang.web.reader.signed_in import never_cached, remember
from shufang.web.visitor import address_key, browser_name

SITUATIONS = {
    "D0000001": _("in good standing, keeps a history, answers for a child"),
    "D0000002": _("has a book out"),
    "D0000003": _("the card ran out"),
    "D0000004": _("the card is reported lost"),
    "D0000005": _("owes 35 yuan"),
    "D0000006": _("five books out, no more allowed"),
    "D0000007": _("a child of nine"),
    "D0000008": _("a reserved book waits"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cast."""

    card_number: str
    name: str
    situation: Promise


def members() -> list[Member]:
    """Return the cast as it is in the database. One query."""
    cards = Card.objects.filter(number__in=SITUATIONS).select_related("patron").order_by("number")
    return [Member(card.number, card.patron.name, SITUATIONS[card.number]) for card in cards]


@require_safe
@only_in_demonstration
def start(request: HttpRequest) -> HttpResponse:
    """Show whom one can be."""
    kiosks = Device.objects.filter(kind=Device.Kind.KIOSK, is_enabled=True).select_related("branch").order_by("account")
    context = {
        "members": members(),
        "kiosks": kiosks,
        "station": card_station.page(),
        "pad": pad.page(),
        "staff": STAFF[0],
        "pin": PIN,
        "password": PASSWORD,
    }
    return never_cached(render(request, "demo/start.html", context))


@require_POST
@only_in_demonstration
def as_reader(request: HttpRequest) -> HttpResponse:
    """Sign somebody of the cast in, by the verb and with the PIN, as he would himself."""
    card_number = request.POST.get("card", "")
    command = SignIn(card_number, PIN, address_key(request), is_own_device=True, browser=browser_name(request))
    outcome = sign_in(command, clock.now()) if card_number in SITUATIONS else Refusal("sign_in_wrong")
    if isinstance(outcome, Refusal):
        return done(request, said_of(outcome), "demo_start")
    response = HttpResponseRedirect(reverse("home"))
    remember(response, outcome.token, is_own_device=True)
    return never_cached(response)


@require_POST
@only_in_demonstration
def as_kiosk(request: HttpRequest) -> HttpResponse:
    """Make this browser a kiosk of the demonstration: the one that was chosen, else the first."""
    kiosks = Device.objects.filter(kind=Device.Kind.KIOSK, is_enabled=True).order_by("account")
    account = request.POST.get("account") or kiosks.values_list("account", flat=True).first() or ""
    device = check_device_password(account, PASSWORD)
    if device is None or device.kind != Device.Kind.KIOSK:
        return done(request, gettext("This machine has another password by now"), "demo_start")
    response = HttpResponseRedirect(reverse("kiosk"))
    address = str(request.META.get("REMOTE_ADDR", ""))
    kiosk_device.remember(response, device_sessions.open_session(device, address, clock.now()))
    return never_cached(response)


@require_POST
@only_in_demonstration
def as_staff(request: HttpRequest) -> HttpResponse:
    """Sign the librarian in to the pages of the staff."""
    user = authenticate(request, username=STAFF[0], password=PASSWORD)
    if user is None:
        return done(request, gettext("The librarian has another password by now"), "demo_start")
    login(request, user)
    return never_cached(HttpResponseRedirect(reverse("admin:index")))
