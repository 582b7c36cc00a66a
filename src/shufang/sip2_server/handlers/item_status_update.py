"""19 item status update → 20."""

from shufang.branches.replies import Repeated
from shufang.circulation.item_update import ItemUpdate, item_update
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import ItemStatusUpdateReply
from shufang.sip2.requests import ItemStatusUpdateRequest
from shufang.sip2_server.asked import Answer, Asked, Kept
from shufang.sip2_server.handlers.handler import Handler, Way, refused


def answer(request: ItemStatusUpdateRequest, asked: Asked) -> Answer | Repeated:
    """Record the properties."""
    command = ItemUpdate(request.item, request.properties, asked.terminal.place, asked.request)
    done = item_update(command, asked.now)
    if isinstance(done, Repeated):
        return done
    if isinstance(done, Refusal):
        return refused(refuse(request, done, asked), done)
    reply = ItemStatusUpdateReply(
        ok=True, date=asked.date, item=request.item, title=done.title, properties=request.properties
    )
    return Answer(reply, kept=Kept("item", done.item_id, done.event_id))


def refuse(request: ItemStatusUpdateRequest, refusal: Refusal, asked: Asked) -> ItemStatusUpdateReply:
    """Say no."""
    return ItemStatusUpdateReply(ok=False, date=asked.date, item=request.item, screen=asked.say(refusal))


HANDLER = Handler(Way.CHANGE, answer, refuse, has_item=True)
