"""The addresses of the kiosk."""

from django.urls import URLPattern, path

from shufang.web.kiosk.first import first
from shufang.web.kiosk.sign_in import sign_in

urlpatterns: list[URLPattern] = [
    path("", first, name="kiosk"),
    path("sign-in/", sign_in, name="kiosk_sign_in"),
]
