"""Sending what waits in the outbox: never lost, never twice, through a dead mail server.

1. A notice is *claimed* in a transaction of its own (its error says HANDING_OVER, and its next try lies LEASE ahead), so
   that another process leaves it alone. 2. It is rendered and handed over. 3. The outcome is written.

Server down: the claim is undone, no try is counted, and the run ends for this channel; everything waits. Refused for
now: a later try, WAITS apart, FAILED after the last. Refused for good: FAILED. A process that dies between 2 and 3, or a
line that breaks inside 2, leaves a doubt: such a notice is never sent by itself again but FAILED with IN_DOUBT, where
staff see it and may `send_again`.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from shufang.notices.channels import CHANNELS, Channel
from shufang.notices.errors import ChannelDownError, InDoubtError, RefusedError, RefusedForNowError
from shufang.notices.message import Message
from shufang.notices.models import Notice

Render = Callable[[Notice, datetime], Message | None]

WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
LEASE = timedelta(minutes=15)
HANDING_OVER = "handing over"
IN_DOUBT = "in doubt"

log = logging.getLogger("shufang.notices")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run did. `down`: the server could not be reached; what waits keeps waiting."""

    sent: int = 0
    dropped: int = 0
    put_off: int = 0
    failed: int = 0
    down: bool = False


def deliver(
    channel_name: str, render: Render, now: datetime, at_most: int = 500, only: Collection[int] | None = None
) -> Delivered:
    """Send at most so many waiting notices of a channel (`only` these), oldest first. KeyError for an unknown channel.

    A channel that is not set up sends nothing; its notices wait until they are too old.
    """
    channel = CHANNELS[channel_name]()
    failed = _doubtful(channel_name, now)
    result = Delivered(failed=failed)
    if not channel.is_set_up():
        return result
    waiting = Notice.objects.filter(channel=channel_name, state=Notice.State.WAITING, next_try_at__lte=now)
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    ids = list(waiting.exclude(error=HANDING_OVER).order_by("next_try_at", "id").values_list("id", flat=True)[:at_most])
    if not ids:
        return result
    try:
        channel.open()
    except ChannelDownError as error:
        log.warning("mail waits: the server of %s is down (%s)", channel_name, error)
        return replace(result, down=True)
    try:
        return _deliver_all(channel, ids, render, now, result)
    finally:
        channel.close()


def _doubtful(channel_name: str, now: datetime) -> int:
    """Fail the notices whose process died while handing them over, and say how many."""
    left = Notice.objects.filter(
        channel=channel_name, state=Notice.State.WAITING, error=HANDING_OVER, next_try_at__lte=now
    )
    return left.update(state=Notice.State.FAILED, error=IN_DOUBT)


def _deliver_all(channel: Channel, ids: list[int], render: Render, now: datetime, result: Delivered) -> Delivered:
    for notice_id in ids:
        notice = _claim(notice_id, now)
        if notice is None:
            continue
        state, broken = _hand_over(channel, notice, render, now)
        if state is Notice.State.SENT:
            result = replace(result, sent=result.sent + 1)
        elif state is Notice.State.DROPPED:
            result = replace(result, dropped=result.dropped + 1)
        elif state is Notice.State.FAILED:
            result = replace(result, failed=result.failed + 1)
        else:
            result = replace(result, put_off=result.put_off + 1)
        if broken:
            return replace(result, down=True)
    return result


def _claim(notice_id: int, now: datetime) -> Notice | None:
    with transaction.atomic():
        free = Q(state=Notice.State.WAITING, next_try_at__lte=now) & ~Q(error=HANDING_OVER)
        taken = Notice.objects.filter(free, pk=notice_id).update(error=HANDING_OVER, next_try_at=now + LEASE)
    return Notice.objects.get(pk=notice_id) if taken else None


def _hand_over(channel: Channel, notice: Notice, render: Render, now: datetime) -> tuple[Notice.State, bool]:
    """Return what became of a claimed notice and whether the line is broken."""
    message = render(notice, now)
    if message is None:
        return _write(notice, Notice.State.DROPPED, now, ""), False
    notice.tries += 1
    try:
        channel.send(message, notice.pk)
    except RefusedError as error:
        return _write(notice, Notice.State.FAILED, now, str(error)), False
    except RefusedForNowError as error:
        return _put_off(notice, now, str(error)), False
    except InDoubtError:
        return _write(notice, Notice.State.FAILED, now, IN_DOUBT), True
    return _write(notice, Notice.State.SENT, now, ""), False


def _put_off(notice: Notice, now: datetime, error: str) -> Notice.State:
    if notice.tries > len(WAITS):
        return _write(notice, Notice.State.FAILED, now, error)
    notice.next_try_at = now + WAITS[notice.tries - 1]
    return _write(notice, Notice.State.WAITING, now, error)


def _write(notice: Notice, state: Notice.State, now: datetime, error: str) -> Notice.State:
    notice.state = state
    notice.error = error[:120]
    notice.sent_at = now if state is Notice.State.SENT else None
    notice.save(update_fields=["state", "error", "sent_at", "tries", "next_try_at"])
    return state


def send_again(notice_id: int, now: datetime) -> bool:
    """Let a failed notice wait again (a member of staff decided so); say whether there was one."""
    failed = Notice.objects.filter(pk=notice_id, state=Notice.State.FAILED)
    return bool(failed.update(state=Notice.State.WAITING, error="", tries=0, next_try_at=now))
