"""Settings: language, own branch, e-mail address with confirmation, and by which channels notices come."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shufang.branches.models import Branch
from shufang.circulation.notice_texts import render as words_of_notice
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.notices.at_once import send_at_once
from shufang.notices.channels import CHANNELS
from shufang.notices.models import ChannelOff
from shufang.notices.send_code import SendEmailCode, send_email_code
from shufang.patrons.confirm_email import ConfirmEmail, confirm_email
from shufang.patrons.models import Patron
from shufang.patrons.pin import check_pin
from shufang.patrons.pin_check import PinCheck
from shufang.web.languages import speak
from shufang.web.reader.outcomes import done, refused
from shufang.web.reader.signed_in import Reader, for_reader
from shufang.web.visitor import address_key

TEMPLATE, EMAIL, CONFIRM = (f"web/reader/account/{name}.html" for name in ("settings", "email", "confirm_email"))


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """A channel, the reader's address on it, and whether notices come by it."""

    name: str
    label: str
    contact: str
    is_on: bool


@require_safe
@for_reader
def settings(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show all of them."""
    patron = _patron(reader)
    off = set(patron.channels_off.values_list("channel", flat=True))
    made = [(name, make()) for name, make in CHANNELS.items()]
    context = {
        "patron": patron,
        "branches": Branch.objects.filter(is_enabled=True).order_by("code"),
        "channels": [
            ChannelChoice(name, channel.label(), channel.contact_of(patron), name not in off) for name, channel in made
        ],
    }
    return render(request, TEMPLATE, context)


@require_POST
@for_reader
def change_language(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Speak and write to the reader in another language; one that there is not changes nothing."""
    language = request.POST.get("language", "")
    if language not in Patron.Language.values:
        return done(request, gettext("Nothing was changed"), "settings")
    Patron.objects.filter(pk=reader.patron_id).update(language=language)
    with override(language):
        response = done(request, gettext("Saved"), "settings")
    speak(response, language)
    return response


@require_POST
@for_reader
def change_branch(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Call a branch one's own: it is offered first for picking up. Empty: none."""
    code = request.POST.get("branch", "")
    branch = Branch.objects.filter(is_enabled=True, code=code).first()
    if code and branch is None:
        return done(request, gettext("Nothing was changed"), "settings")
    Patron.objects.filter(pk=reader.patron_id).update(home_branch=branch)
    return done(request, gettext("Saved"), "settings")


@require_POST
@for_reader
def change_channels(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Let notices come by the channels that are ticked, and by no other."""
    wanted = set(request.POST.getlist("channel"))
    for name in CHANNELS:
        if name in wanted:
            ChannelOff.objects.filter(patron_id=reader.patron_id, channel=name).delete()
        else:
            ChannelOff.objects.get_or_create(patron_id=reader.patron_id, channel=name)
    return done(request, gettext("Saved"), "settings")


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def change_email(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Send a code to a new address. The PIN is asked for: whoever holds the address can set a new PIN."""
    email = request.POST.get("email", "").strip()[:254]
    context: dict[str, object] = {"patron": _patron(reader), "email": email, "back_name": "settings"}
    if request.method != "POST":
        return render(request, EMAIL, context)
    now, address = clock.now(), address_key(request)
    checked = check_pin(reader.card_number, request.POST.get("pin", "").strip()[:40], address, now)
    if checked != PinCheck.RIGHT:
        code = "pin_locked" if checked == PinCheck.LOCKED else "pin_wrong"
        return refused(request, EMAIL, Refusal(code), context)
    outcome = send_email_code(SendEmailCode(reader.patron_id, reader.card_number, email, address), now)
    if isinstance(outcome, Refusal):
        return refused(request, EMAIL, outcome, context)
    send_at_once(outcome.notice_ids, words_of_notice)
    return done(request, gettext("A code is on its way to %(email)s") % {"email": email}, "confirm_email")


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def confirm(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Ask for the code; with it the address is on record."""
    context: dict[str, object] = {"back_name": "change_email"}
    if request.method != "POST":
        return render(request, CONFIRM, context)
    code = "".join(request.POST.get("code", "").split())[:40]
    outcome = confirm_email(ConfirmEmail(reader.patron_id, reader.card_number, code), clock.now())
    if isinstance(outcome, Refusal):
        return refused(request, CONFIRM, outcome, context)
    words = gettext("Notices come to %(email)s from now on") % {"email": outcome.email}
    return done(request, words, "settings")


@require_POST
@for_reader
def remove_email(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Take the address off the record."""
    Patron.objects.filter(pk=reader.patron_id).update(email="")
    return done(request, gettext("Your e-mail address is off the record"), "settings")


def _patron(reader: Reader) -> Patron:
    return Patron.objects.select_related("home_branch").get(pk=reader.patron_id)
