"""Which handler answers which message. 93, 97 are the conversation's own (session.py)."""

from typing import cast

from shufang.sip2.codec import Message
from shufang.sip2_server.handlers import (
    block_patron,
    checkin,
    checkout,
    end_session,
    fee_paid,
    hold,
    item_information,
    item_status_update,
    patron_enable,
    patron_information,
    patron_status,
    renew,
    renew_all,
    status,
)
from shufang.sip2_server.handlers.handler import Handler

HANDLERS: dict[str, Handler[Message]] = {
    code: cast("Handler[Message]", handler)
    for code, handler in {
        "01": block_patron.HANDLER,
        "09": checkin.HANDLER,
        "11": checkout.HANDLER,
        "15": hold.HANDLER,
        "17": item_information.HANDLER,
        "19": item_status_update.HANDLER,
        "23": patron_status.HANDLER,
        "25": patron_enable.HANDLER,
        "29": renew.HANDLER,
        "35": end_session.HANDLER,
        "37": fee_paid.HANDLER,
        "63": patron_information.HANDLER,
        "65": renew_all.HANDLER,
        "99": status.HANDLER,
    }.items()
}
