"""The reader's account: signing in, PIN, family, messages, privacy, settings."""

from django.urls import path

from shufang.web.reader import settings
from shufang.web.reader.close_account import close
from shufang.web.reader.family import family, renew_all_of_ward, renew_of_ward
from shufang.web.reader.forgotten_pin import forgotten_pin, new_pin
from shufang.web.reader.me import lost, me
from shufang.web.reader.messages import messages
from shufang.web.reader.more import more
from shufang.web.reader.own_data import data_json, data_page
from shufang.web.reader.pin import pin
from shufang.web.reader.privacy import privacy
from shufang.web.reader.sessions import end_all_sessions, end_session, sessions
from shufang.web.reader.sign_in import sign_in, sign_out

urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-in/forgotten/", forgotten_pin, name="forgotten_pin"),
    path("sign-in/new-pin/", new_pin, name="new_pin"),
    path("sign-out/", sign_out, name="sign_out"),
    path("more/", more, name="more"),
    path("me/", me, name="me"),
    path("me/lost/", lost, name="report_lost"),
    path("me/messages/", messages, name="messages"),
    path("me/family/", family, name="family"),
    path("me/family/<int:ward_id>/renew-all/", renew_all_of_ward, name="renew_all_of_ward"),
    path("me/family/<int:ward_id>/loans/<int:loan_id>/renew/", renew_of_ward, name="renew_of_ward"),
    path("me/privacy/", privacy, name="privacy"),
    path("me/privacy/data.json", data_json, name="data_json"),
    path("me/privacy/data.html", data_page, name="data_page"),
    path("me/close/", close, name="close_account"),
    path("me/settings/", settings.settings, name="settings"),
    path("me/settings/language/", settings.change_language, name="change_language"),
    path("me/settings/branch/", settings.change_branch, name="change_branch"),
    path("me/settings/channels/", settings.change_channels, name="change_channels"),
    path("me/settings/email/", settings.change_email, name="change_email"),
    path("me/settings/email/code/", settings.confirm, name="confirm_email"),
    path("me/settings/email/remove/", settings.remove_email, name="remove_email"),
    path("me/pin/", pin, name="pin"),
    path("me/devices/", sessions, name="sessions"),
    path("me/devices/<int:session_id>/end/", end_session, name="end_session"),
    path("me/devices/end-all/", end_all_sessions, name="end_all_sessions"),
]
