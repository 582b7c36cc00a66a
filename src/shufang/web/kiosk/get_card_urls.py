"""The addresses under which one gets a card at the kiosk."""

from django.urls import URLPattern, path

from shufang.web.kiosk import get_card

urlpatterns: list[URLPattern] = [
    path("", get_card.card, name="kiosk_card"),
    path("document/", get_card.document, name="kiosk_card_document"),
    path("guardian/", get_card.guardian, name="kiosk_card_guardian"),
    path("terms/", get_card.terms, name="kiosk_card_terms"),
    path("kind/", get_card.kind, name="kiosk_card_kind"),
    path("contact/", get_card.contact, name="kiosk_card_contact"),
    path("pin/", get_card.pin, name="kiosk_card_pin"),
    path("make/", get_card.make, name="kiosk_card_make"),
    path("known/", get_card.known, name="kiosk_card_known"),
    path("printed/", get_card.printed, name="kiosk_card_printed"),
    path("state/", get_card.state, name="kiosk_card_state"),
    path("borrow/", get_card.borrow, name="kiosk_card_borrow"),
    path("end/", get_card.end, name="kiosk_card_end"),
    path("paid/", get_card.paid, name="kiosk_card_paid"),
]
