"""The reader's account: signing in, PIN, family, messages, privacy, settings."""

from django.urls import path

from shufang.web.reader.forgotten_pin import forgotten_pin, new_pin
from shufang.web.reader.more import more
from shufang.web.reader.pin import pin
from shufang.web.reader.sessions import end_all_sessions, end_session, sessions
from shufang.web.reader.sign_in import sign_in, sign_out

urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-in/forgotten/", forgotten_pin, name="forgotten_pin"),
    path("sign-in/new-pin/", new_pin, name="new_pin"),
    path("sign-out/", sign_out, name="sign_out"),
    path("more/", more, name="more"),
    path("me/pin/", pin, name="pin"),
    path("me/devices/", sessions, name="sessions"),
    path("me/devices/<int:session_id>/end/", end_session, name="end_session"),
    path("me/devices/end-all/", end_all_sessions, name="end_all_sessions"),
]
