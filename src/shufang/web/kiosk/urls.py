"""The addresses of the kiosk."""

from django.urls import URLPattern, URLResolver, include, path

from shufang.web.kiosk import lending, visits
from shufang.web.kiosk.assets import service_worker
from shufang.web.kiosk.first import first
from shufang.web.kiosk.glance import glance
from shufang.web.kiosk.happened import happened
from shufang.web.kiosk.last_known import last_known, last_known_books
from shufang.web.kiosk.pulse import pulse
from shufang.web.kiosk.sign_in import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", first, name="kiosk"),
    path("sign-in/", sign_in, name="kiosk_sign_in"),
    path("service-worker.js", service_worker, name="kiosk_service_worker"),
    path("pulse/", pulse, name="kiosk_pulse"),
    path("last-known/", last_known, name="kiosk_last_known"),
    path("last-known/books/", last_known_books, name="kiosk_last_known_books"),
    path("visits/", visits.begin_visit, name="kiosk_visit"),
    path("visits/goes-on/", visits.go_on, name="kiosk_visit_goes_on"),
    path("visits/end/", visits.end_visit, name="kiosk_visit_ends"),
    path("borrow/", lending.borrow, name="kiosk_borrow"),
    path("return/", lending.give_back, name="kiosk_return"),
    path("renew/", lending.renew_one, name="kiosk_renew"),
    path("glance/", glance, name="kiosk_glance"),
    path("happened/", happened, name="kiosk_happened"),
    path("card/", include("shufang.web.kiosk.get_card_urls")),
]
