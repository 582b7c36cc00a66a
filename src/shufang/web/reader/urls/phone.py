"""The card on the phone, borrowing with it, and what works without a network."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
