"""The pages of the demonstration; in a real network each answers 404."""

from django.urls import path

from shufang.demo.start_page import as_kiosk, as_reader, as_staff, start

urlpatterns = [
    path("", start, name="demo_start"),
    path("reader/", as_reader, name="demo_reader"),
    path("kiosk/", as_kiosk, name="demo_kiosk"),
    path("desk/", as_staff, name="demo_staff"),
]
