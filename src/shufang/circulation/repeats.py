"""Is this request of a terminal one that was done already? For verbs outside of the hot path, once locks are taken."""

from datetime import datetime

from shufang.branches.replies import Repeated, RequestKey, repeated, stored_reply
from shufang.circulation.models import Event
from shufang.patrons.models import Patron


def repeat_of_patron(request: RequestKey | None, patron: Patron, now: datetime) -> Repeated | None:
    """Return the reply that this patron's request got before, if it repeats it."""
    if request is None:
        return None
    return repeated(request, stored_reply("patron", patron.pk), patron.revision, now)


def repeat_of_item(request: RequestKey | None, item_id: int, now: datetime) -> Repeated | None:
    """Return the reply that this item's request got before, if it repeats it."""
    if request is None:
        return None
    newest = Event.objects.filter(item_id=item_id).order_by("-id").values_list("id", flat=True).first()
    return repeated(request, stored_reply("item", item_id), newest or 0, now)
