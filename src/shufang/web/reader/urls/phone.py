"""The card on the phone, borrowing with it, and what works without a network."""

from django.urls import path

from shufang.web.reader import card, manifest, offline, self_checkout, service_worker

urlpatterns = [
    path("me/card/", card.card, name="card"),
    path("me/card/secret/", card.card_secret, name="card_secret"),
    path("here/", self_checkout.here, name="self_checkout"),
    path("here/borrow/", self_checkout.borrow, name="self_checkout_borrow"),
    path("here/done/", self_checkout.done, name="self_checkout_done"),
    path("here/<str:code>/", self_checkout.arrive, name="self_checkout_arrive"),
    path("app/<slug:language>.webmanifest", manifest.manifest, name="manifest"),
    path("service-worker.js", service_worker.service_worker, name="service_worker"),
    path("offline/<slug:language>/", offline.offline, name="offline"),
]
