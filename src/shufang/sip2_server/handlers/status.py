"""99 SC status → 98: what this server can do for this terminal."""

from django.db import DatabaseError, connection

from shufang.branches.replies import Repeated
from shufang.kernel.refusal import Refusal
from shufang.sip2.flags import Supported, supported_messages
from shufang.sip2.replies import StatusReply
from shufang.sip2.requests import StatusRequest
from shufang.sip2_server.asked import Answer, Asked
from shufang.sip2_server.handlers.handler import Handler, Way
from shufang.sip2_server.terminal import STRANGER

TIMEOUT = "100"
"""Tenths of a second after which a terminal may ask again."""
RETRIES = "003"
VERSION = "2.00"
SUPPORTED = supported_messages(set(Supported))
"""All sixteen work."""
BEFORE_LOGIN = supported_messages({Supported.LOGIN, Supported.RESEND})
"""What a caller may send whom the server does not know yet."""


def answer(_request: StatusRequest, asked: Asked) -> Answer | Repeated:
    """Tell; on line only while the database answers."""
    return Answer(_reply(asked, online=_database_answers()))


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        connection.close()
        return False
    return True


def _reply(asked: Asked, *, online: bool, supported: str = SUPPORTED, screen: tuple[str, ...] = ()) -> StatusReply:
    library, branch = asked.terminal.names(asked.language)
    return StatusReply(
        online=online,
        checkin=online,
        checkout=online,
        renewal=online,
        status_update=online,
        offline=True,
        timeout=TIMEOUT,
        retries=RETRIES,
        date=asked.date,
        version=VERSION,
        institution=asked.terminal.library_code,
        supported=supported,
        library_name=library,
        location=branch,
        screen=screen,
    )


def refuse(_request: StatusRequest, refusal: Refusal, asked: Asked) -> StatusReply:
    """Say that nothing works now; to a caller who has not logged in, that he may only do that."""
    supported = BEFORE_LOGIN if asked.terminal is STRANGER else SUPPORTED
    return _reply(asked, online=False, supported=supported, screen=asked.say(refusal))


HANDLER = Handler(Way.QUERY, answer, refuse)
