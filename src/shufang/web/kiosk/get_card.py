"""Getting a card at the kiosk: each view is one step; the verbs decide (registration/get_card/)."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shufang.kernel.refusal import Refusal
from shufang.patrons.identity import IdentityKind
from shufang.patrons.models import Card
from shufang.patrons.pin import check_pin
from shufang.patrons.pin_check import PinCheck
from shufang.registration.city_cards.know_card import know_card
from shufang.registration.city_cards.look_for_person import look_for_person
from shufang.registration.get_card.agree import Agree, agree
from shufang.registration.get_card.applications import Lacks, lacks
from shufang.registration.get_card.begin import BeginApplication, DocumentRead, begin_application, card_of_person
from shufang.registration.get_card.choose_kind import ChooseKind, choose_kind
from shufang.registration.get_card.choose_pin import ChoosePin, choose_pin
from shufang.registration.get_card.finish_card import CardFinished, CardPrinted, FinishCard, card_printed, finish_card
from shufang.registration.get_card.give_contact import GiveContact, give_contact
from shufang.registration.get_card.give_up import GiveUp, give_up
from shufang.registration.get_card.make_card import MakeCard, make_card
from shufang.registration.get_card.name_guardian import NameGuardian, name_guardian
from shufang.registration.get_card.replace_lost import ReplaceLost, replace_lost
from shufang.registration.models import Application
from shufang.registration.number_ranges import left
from shufang.registration.renew_card import RenewCard, renew_card
from shufang.registration.served import Served
from shufang.web.kiosk import get_card_pages as pages
from shufang.web.kiosk import visits
from shufang.web.kiosk.device import Kiosk, for_kiosk
from shufang.web.kiosk.get_card_visit import (
    Asked,
    application_of,
    asked_of,
    begin_visit,
    end_visit,
    forget,
    go_on,
    remember,
    step,
)


def _done(done: object) -> Refusal | None:
    """Return a verb's refusal, nothing for what it did."""
    return done if isinstance(done, Refusal) else None


@require_safe
@for_kiosk
def card(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Show what the application at this kiosk lacks, or the page on which one begins."""
    asked = asked_of(request, kiosk)
    application = application_of(asked)
    if application is not None:
        return pages.show(asked, application)
    if asked.station is None:
        return pages.cannot(asked, Refusal("no_cards_here"))
    if not left(kiosk.library_id, kiosk.device_id):
        return pages.cannot(asked, Refusal("numbers_used_up"))
    return pages.begin(asked)


@sensitive_post_parameters("number", "name", "birth_date")
@require_POST
@for_kiosk
def document(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """A document lies on the reader: somebody new stands here."""
    asked = asked_of(request, kiosk)
    read = _read(asked) if asked.station is not None else Refusal("no_cards_here")
    if isinstance(read, Refusal):
        return go_on(asked, read)
    nonce = begin_visit(asked)
    done = begin_application(BeginApplication(kiosk.device_id, nonce, read, get_language() or ""), asked.now)
    if isinstance(done, Refusal):
        return go_on(asked, done)
    if done.card_id is None and not done.is_resumed:
        look_for_person(done.city, asked.now)  # what is found is known here from now on
    response = HttpResponseRedirect(reverse("kiosk_card"))
    remember(response, nonce)
    return response


def _read(asked: Asked) -> DocumentRead | Refusal:
    """Return what the station's reader told, as far as it can be read."""
    kind = asked.text("kind")
    if kind not in set(IdentityKind):
        return Refusal("document_unreadable")
    try:
        days = [_day(asked.text(name)) for name in ("birth_date", "valid_until")]
    except ValueError:
        return Refusal("document_unreadable")
    return DocumentRead(IdentityKind(kind), asked.text("number", 40), asked.text("name"), *days)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@sensitive_post_parameters("number", "name", "birth_date", "card", "pin")
@step
def guardian(asked: Asked, application: Application) -> Refusal | None:
    """An adult answers for a minor: with his document on the reader, or with card and PIN."""
    if asked.text("kind"):
        read = _read(asked)
        if isinstance(read, Refusal):
            return read
        return _done(name_guardian(NameGuardian(application.pk, asked.text("relation"), document=read), asked.now))
    number, pin = asked.text("card", 40), asked.text("pin", 20)
    place = f"device:{asked.kiosk.device_id}"
    know_card(number, pin, place, asked.now)
    found = check_pin(number, pin, place, asked.now)
    return _done(name_guardian(NameGuardian(application.pk, asked.text("relation"), number, found), asked.now))


@step
def terms(asked: Asked, application: Application) -> Refusal | None:
    """The texts are agreed to."""
    ids = frozenset(int(text) for text in asked.request.POST.getlist("terms") if text.isascii() and text.isdigit())
    return _done(agree(Agree(application.pk, ids), asked.now))


@step
def kind(asked: Asked, application: Application) -> Refusal | None:
    """A kind is chosen, and how to have it."""
    offer = asked.text("offer", 18)
    offer_id = int(offer) if offer.isascii() and offer.isdigit() else 0
    return _done(choose_kind(ChooseKind(application.pk, offer_id, wants_print=bool(asked.text("print"))), asked.now))


@step
def contact(asked: Asked, application: Application) -> Refusal | None:
    """How one can be reached, or not."""
    is_passed_over = "skip" in asked.request.POST
    phone, email = ("", "") if is_passed_over else (asked.text("phone", 32), asked.text("email", 254))
    return _done(give_contact(GiveContact(application.pk, phone, email), asked.now))


@sensitive_post_parameters("pin", "again")
@step
def pin(asked: Asked, application: Application) -> Refusal | None:
    """The PIN is chosen, and with it the card is made."""
    chosen = choose_pin(ChoosePin(application.pk, asked.text("pin", 20), asked.text("again", 20)), asked.now)
    return chosen if isinstance(chosen, Refusal) else _done(make_card(MakeCard(application.pk), asked.now))


@step
def make(asked: Asked, application: Application) -> Refusal | None:
    """The card is made, where that was refused a moment ago."""
    return _done(make_card(MakeCard(application.pk), asked.now))


@step
def known(asked: Asked, application: Application) -> Refusal | HttpResponse | None:
    """Who has a card has it replaced or renewed."""
    found = card_of_person(application.document, asked.today)
    if asked.text("do") == "replace":
        return _done(replace_lost(ReplaceLost(application.pk, wants_print=bool(asked.text("print"))), asked.now))
    if asked.text("do") == "renew" and found is not None:
        kiosk = asked.kiosk
        served = Served(branch_id=kiosk.branch_id, device_id=kiosk.device_id, user_name=kiosk.account)
        return _done(renew_card(RenewCard(found.number, served), asked.now))
    return None


@step
def printed(asked: Asked, application: Application) -> Refusal | None:
    """The printer has given the card out."""
    return _done(card_printed(CardPrinted(application.pk), asked.now))


@require_safe
@for_kiosk
def state(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Tell the page that waits for a deposit whether it has come; the card is finished with it."""
    asked = asked_of(request, kiosk)
    application = application_of(asked)
    if application is None:
        return JsonResponse({"is_over": True})
    if lacks(application, asked.today) is not Lacks.DEPOSIT:
        return JsonResponse({"is_paid": True})
    done = finish_card(FinishCard(application.pk), asked.now)
    return JsonResponse({"is_paid": isinstance(done, CardFinished)})


@step
def borrow(asked: Asked, application: Application) -> Refusal | HttpResponse | None:
    """Go on to borrow with the card in hand: the document has shown who stands here."""
    card = application.card or card_of_person(application.document, asked.today)
    if card is None or card.status != Card.Status.ACTIVE:
        return Refusal("card_not_active")
    give_up(GiveUp(application.pk), asked.now)
    told = visits.stands(asked.kiosk, visits.Visit(card.number, PinCheck.RIGHT, card.patron.pin_version), asked.now)
    response = JsonResponse({**told, "card": card.number})
    forget(response)
    return response


@require_POST
@for_kiosk
def end(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """The person has left, or says that he wants no card (`for_good`): nothing of him stays at this kiosk."""
    asked = asked_of(request, kiosk)
    application = application_of(asked)
    if application is not None:
        give_up(GiveUp(application.pk, for_good="for_good" in request.POST), asked.now)
        end_visit(asked)
    response = HttpResponseRedirect(reverse("kiosk"))
    forget(response)
    return response


@never_cache
@require_safe
def paid(request: HttpRequest) -> HttpResponse:
    """Tell the phone with which a deposit was paid to look up again."""
    return render(request, "web/kiosk/card/paid.html")
