"""What a reader has out, reserved, owes, has read and wants to read."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
