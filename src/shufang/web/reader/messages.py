"""The message centre: what the library told the reader in the last days, in the words of now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from shufang.circulation.messages import messages_of
from shufang.kernel import clock
from shufang.notices.kept import TOLD
from shufang.web.reader.signed_in import Reader, for_reader


@require_safe
@for_reader
def messages(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show them, newest first."""
    language = "en" if get_language() == "en" else "zh-hans"
    context = {"notices": messages_of(reader.patron_id, language, clock.now()), "days": TOLD.days}
    return render(request, "web/reader/account/messages.html", context)
