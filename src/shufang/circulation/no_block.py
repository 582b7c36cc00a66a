"""No-block requests: whole batches are sent again for weeks, and much may have happened since what they tell of."""

from datetime import UTC, datetime

from shufang.branches.models import OnceKey
from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation.models import Event

SCOPE = "no_block"
_MARK = " happened="
_MOVING = ("checkout", "checkin", "cancel_checkin", "cancel_checkout", "shelve", "transfer", "in_house_use")


def done_before(request: RequestKey | None) -> Repeated | None:
    """Return the reply of a no-block request that was recorded before, for 90 days. One query, for no-block alone."""
    if request is None or not request.is_no_block:
        return None
    once = OnceKey.objects.filter(scope=SCOPE, key=request.key).first()
    return Repeated(bytes(once.reply)) if once is not None else None


def mark(happened_at: datetime | None) -> str:
    """Return what an event's detail says of when it truly happened; nothing for what happens now."""
    return "" if happened_at is None else _MARK + happened_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moved_since(item_id: int, happened_at: datetime) -> bool:
    """Say whether the books know of a later move of the item than a report of `happened_at`. One query."""
    newest = Event.objects.filter(item_id=item_id, verb__in=_MOVING).order_by("-id").values_list("at", "detail").first()
    if newest is None:
        return False
    at, detail = newest
    _, _, told = detail.partition(_MARK)
    if told:
        at = datetime.strptime(told[:20], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return bool(at > happened_at)
