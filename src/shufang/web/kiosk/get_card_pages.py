"""What the pages show on which one gets a card: one template for each thing that an application lacks."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from shufang.circulation.models import Limit
from shufang.circulation.sentences import REFUSALS, sentence
from shufang.kernel.refusal import Refusal
from shufang.money.models import OnlinePayment
from shufang.money.online import StartPayment, start_payment
from shufang.money.providers.in_use import provider
from shufang.patrons.models import Card
from shufang.registration.get_card.applications import Lacks, lacks, needs_guardian
from shufang.registration.get_card.begin import card_of_person
from shufang.registration.get_card.choose_kind import offers_for
from shufang.registration.get_card.name_guardian import RELATIONS
from shufang.registration.get_card.replace_lost import fee_of
from shufang.registration.models import Application, CardOffer
from shufang.registration.terms import in_force
from shufang.web.codes import qr_code
from shufang.web.kiosk.get_card_visit import Asked, reach_station
from shufang.web.kiosk.page import page
from shufang.web.payments import callback_url

Context = dict[str, object]


@dataclass(frozen=True, slots=True)
class Offered:
    """A kind of card on offer, and how many things it lets one have at once."""

    offer: CardOffer
    most: int


def show(asked: Asked, application: Application) -> HttpResponse:
    """Show what comes next."""
    known = _known(application, asked.today)
    if known is not None:
        return _page(asked, "known", _about_known(asked, application, known))
    lacking = lacks(application, asked.today)
    context: Context = {"application": application}
    match lacking:
        case Lacks.GUARDIAN:
            given = asked.request.GET.get("relation", "")
            return _page(asked, "guardian", {"relation": given}) if given in RELATIONS else _page(asked, "relation", {})
        case Lacks.TERMS:
            context["texts"] = in_force(asked.today, for_minor=needs_guardian(application, asked.today))
        case Lacks.KIND:
            context["offers"] = offered(asked, application)
        case Lacks.CONTACT:
            context["by_email"] = asked.request.GET.get("by") == "email"
        case Lacks.DEPOSIT:
            return _deposit(asked, application)
        case Lacks.NOTHING:
            context |= _done(asked, application)
    return _page(asked, lacking.value, context)


def begin(asked: Asked) -> HttpResponse:
    """Show the first page, on which a document is laid down."""
    return _page(asked, "document", {})


def cannot(asked: Asked, refusal: Refusal) -> HttpResponse:
    """Say that no card can be had here now."""
    return _page(asked, "cannot", {}, refusal)


def offered(asked: Asked, application: Application) -> list[Offered]:
    """Return the kinds for this person; those with a deposit only where it can be paid. Two queries."""
    offers = offers_for(asked.kiosk.library_id, application.document.birth_date, asked.today)
    if provider() is None:
        offers = [offer for offer in offers if offer.kind.deposit == 0]
    kinds = [offer.kind_id for offer in offers]
    limits = Limit.objects.filter(card_kind__in=kinds, group__isnull=True, counts="loans")
    most = dict(limits.values_list("card_kind_id", "most"))
    return [Offered(offer, most.get(offer.kind_id, 0)) for offer in offers]


def _known(application: Application, today: date) -> Card | None:
    """Return the card that this person has already, as long as no other is made for him."""
    if application.card_id is not None or application.agreed_at is not None:
        return None
    return card_of_person(application.document, today)


def _about_known(asked: Asked, application: Application, card: Card) -> Context:
    wants_phone = asked.request.GET.get("show") == "phone" and card.status == Card.Status.ACTIVE
    return {
        "application": application,
        "card": card,
        "fee": fee_of(application, card),
        "is_from_here": card.library_id == asked.kiosk.library_id,
        "code": qr_code(sign_in_address(asked, card)) if wants_phone else None,
    }


def _deposit(asked: Asked, application: Application) -> HttpResponse:
    card = application.card
    if card is None or not card.patron.pin_hash:
        return cannot(asked, Refusal("card_not_active"))
    started = start_payment(
        StartPayment(
            card_number=card.number,
            purpose=OnlinePayment.Purpose.DEPOSIT,
            return_url=asked.request.build_absolute_uri(reverse("kiosk_card_paid")),
            callback_url=callback_url(asked.request),
            branch_id=asked.kiosk.branch_id,
            device_id=asked.kiosk.device_id,
        ),
        asked.now,
    )
    context: Context = {"application": application, "deposit": card.kind.deposit}
    if isinstance(started, Refusal):
        return _page(asked, "deposit", context, started)
    return _page(asked, "deposit", {**context, "code": qr_code(started.address)})


def _done(asked: Asked, application: Application) -> Context:
    card = application.card
    if card is None:
        return {}
    return {
        "card": card,
        "code": qr_code(sign_in_address(asked, card)),
        "prints": application.wants_print and application.printed_at is None,
        "was_printed": application.printed_at is not None,
    }


def sign_in_address(asked: Asked, card: Card) -> str:
    """Return where a phone signs in with this card; the PIN is asked for there."""
    return asked.request.build_absolute_uri(f"{reverse('sign_in')}?{urlencode({'card': card.number})}")


def _page(asked: Asked, name: str, context: Context, refusal: Refusal | None = None) -> HttpResponse:
    """Render a page with a refusal, or with the one that sent back to it."""
    code = asked.request.GET.get("refused", "")
    if refusal is None and code in REFUSALS:
        refusal = Refusal(code)
    told = {**context, "station": asked.station, "refusal": sentence(refusal, get_language() or "") if refusal else ""}
    return reach_station(page(asked.request, asked.kiosk, f"web/kiosk/card/{name}.html", told), asked)
