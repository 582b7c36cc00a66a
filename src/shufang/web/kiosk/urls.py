"""The addresses of the kiosk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
