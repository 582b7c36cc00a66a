"""What the kiosk's page asks the server for: a small JSON object in, one out. Keys that make a repeat known."""

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from shufang.branches.models import OnceKey
from shufang.branches.replies import WINDOW_OF_NO_BLOCK, RequestKey
from shufang.circulation import no_block
from shufang.kernel import clock
from shufang.kernel.identifiers import keyed_hash
from shufang.web.kiosk.device import Kiosk, for_kiosk

Asked = Mapping[str, object]
Reply = dict[str, object]
LONGEST = 64_000
_KEY = re.compile(r"[0-9a-f-]{36}")


def answers(work: Callable[[Kiosk, Asked], Reply]) -> Callable[..., HttpResponse]:
    """Make a view of a function from what was asked to what is answered. 400 for what is no JSON object."""

    @wraps(work)
    def view(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
        return JsonResponse(work(kiosk, _read(request)))

    return require_POST(for_kiosk(view))


def _read(request: HttpRequest) -> Asked:
    if int(request.headers.get("Content-Length") or 0) > LONGEST:
        raise BadRequest("too long")
    try:
        asked = json.loads(request.body)
    except ValueError as error:
        raise BadRequest("no JSON") from error
    if not isinstance(asked, dict):
        raise BadRequest("no JSON object")
    return asked


def text(asked: Asked, name: str, longest: int = 80) -> str:
    """Return a text of what was asked, without blanks around it, "" when there is none or it is no text."""
    value = asked.get(name, "")
    return value.strip()[:longest] if isinstance(value, str) else ""


def request_key(kiosk: Kiosk, asked: Asked) -> RequestKey:
    """Return the key under which this is done once, whether it comes now, again, or later out of the kiosk's queue.

    The page makes a new one (a UUID) for each book that is laid down. 400 without one.
    """
    return key_of(kiosk, text(asked, "request"))


def key_of(kiosk: Kiosk, uuid: str) -> RequestKey:
    """Return the key of a UUID that this kiosk has made."""
    if not _KEY.fullmatch(uuid):
        raise BadRequest("no request key")
    key = keyed_hash(settings.SHUFANG_PIN_KEY, b"kiosk request", str(kiosk.device_id).encode(), uuid.encode())
    return RequestKey(key=key, connection=f"kiosk:{kiosk.device_id}", is_no_block=True)


def once(request: RequestKey, work: Callable[[], Reply | bytes]) -> Reply:
    """Do `work` and keep its reply in one transaction; the reply of a verb that says `Repeated` (bytes) is given again.

    What a refusal answers is not kept: nothing was done. After ten minutes a job empties the replies; the keys stay.
    """
    with transaction.atomic():
        reply = work()
        if isinstance(reply, bytes):
            kept: Reply = json.loads(reply) if reply else {"ok": True}
            return {**kept, "repeated": True}
        if reply.get("ok"):
            now = clock.now()
            OnceKey.objects.create(
                scope=no_block.SCOPE,
                key=request.key,
                at=now,
                until=now + WINDOW_OF_NO_BLOCK,
                reply=json.dumps(reply, ensure_ascii=False).encode(),
            )
    return reply
