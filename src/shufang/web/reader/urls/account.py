"""The reader's account: signing in, PIN, family, messages, privacy, settings."""

from django.urls import path

from shufang.web.reader.sign_in import sign_in, sign_out

urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
]
