"""17 item information → 18."""

from datetime import datetime, time

from django.utils import timezone

from shufang.branches.replies import Repeated
from shufang.circulation.item_information import item_information
from shufang.kernel.refusal import Refusal
from shufang.sip2 import dates
from shufang.sip2.replies import ItemInformationReply
from shufang.sip2.requests import ItemInformationRequest
from shufang.sip2_server.asked import Answer, Asked, local_date
from shufang.sip2_server.handlers.handler import Handler, Way, refused
from shufang.sip2_server.handlers.media import media_type

SECURITY = "00"
"""Security marker "other": whether a tag is active is the gate's knowledge."""
NO_FEE = "01"


def answer(request: ItemInformationRequest, asked: Asked) -> Answer | Repeated:
    """Tell what is known of the item, never who has it."""
    found = item_information(request.item, asked.now)
    if isinstance(found, Refusal):
        return refused(refuse(request, found, asked), found)
    pickup = ""
    if found.hold_pickup_on is not None:
        last = timezone.make_aware(datetime.combine(found.hold_pickup_on, time(23, 59, 59)))
        pickup = dates.write(last, timezone.get_default_timezone())
    reply = ItemInformationReply(
        circulation=found.circulation_status,
        security=SECURITY,
        fee_type=NO_FEE,
        date=asked.date,
        item=found.barcode,
        title=found.title,
        hold_queue=str(found.hold_queue),
        due=local_date(found.due_at),
        pickup_date=pickup,
        owner=found.owner,
        media_type=media_type(found.material),
        permanent_location=found.home_branch,
        current_location=found.current_branch,
    )
    return Answer(reply)


def refuse(request: ItemInformationRequest, refusal: Refusal, asked: Asked) -> ItemInformationReply:
    """Say no; the circulation status is 01 other."""
    return ItemInformationReply(
        circulation="01",
        security=SECURITY,
        fee_type=NO_FEE,
        date=asked.date,
        item=request.item,
        title="",
        screen=asked.say(refusal),
    )


HANDLER = Handler(Way.QUERY, answer, refuse, has_item=True)
