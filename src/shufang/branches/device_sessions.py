"""Browsers signed in as kiosks, and whether a reader stands at one now.

A session is a random token in a cookie, its keyed hash in the database. It is long-lived, since nobody tends a kiosk, and
ends when it is deleted, when the device is disabled or gets another password, when it is asked for from an address that
the device may not call from, and after 400 days without use.

A visit is the short time in which a reader stands there: one a session, so that the next begins where the last has ended.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings

from shufang.branches.devices import may_call_from
from shufang.branches.models import Device, DeviceSession
from shufang.kernel.identifiers import keyed_hash

UNUSED = timedelta(days=400)
SEEN_EVERY = timedelta(hours=1)
VISIT = timedelta(seconds=90)
"""A visit ends by itself when nothing is heard of it for so long: the page is gone, or the line."""
_STILL_LONG = timedelta(seconds=75)


def open_session(device: Device, address: str, now: datetime) -> str:
    """Sign a browser in as a device whose password was found right; return the token for its cookie, kept nowhere."""
    token = secrets.token_urlsafe(32)
    DeviceSession.objects.create(
        device=device,
        token_hash=_hashed(b"device session", token),
        password_mark=_password_mark(device),
        address=address[:45],
        created_at=now,
        seen_at=now,
    )
    return token


def find_session(token: str, address: str, now: datetime) -> DeviceSession | None:
    """Return the session of a token, with device, branch and library, while it stands for a kiosk called from `address`.

    One query, and once an hour one statement that says it is used.
    """
    session = (
        DeviceSession.objects.select_related("device__branch__library")
        .filter(token_hash=_hashed(b"device session", token))
        .first()
    )
    if session is None or not _stands(session, address, now):
        return None
    if session.seen_at + SEEN_EVERY < now:
        DeviceSession.objects.filter(pk=session.pk, seen_at=session.seen_at).update(seen_at=now)
    return session


def _stands(session: DeviceSession, address: str, now: datetime) -> bool:
    device = session.device
    return (
        device.kind == Device.Kind.KIOSK
        and device.is_enabled
        and device.branch.is_enabled
        and bytes(session.password_mark) == _password_mark(device)
        and session.seen_at + UNUSED > now
        and may_call_from(device, address)
    )


def end_session(session_id: int) -> None:
    """Sign this browser out."""
    DeviceSession.objects.filter(pk=session_id).delete()


def begin_visit(session_id: int, now: datetime) -> str:
    """Let a reader stand at the kiosk and return the token of the visit; whoever stood there before does no more."""
    token = secrets.token_urlsafe(24)
    DeviceSession.objects.filter(pk=session_id).update(visit_hash=_hashed(b"visit", token), visit_until=now + VISIT)
    return token


def visit_goes_on(session: DeviceSession, token: str, now: datetime) -> bool:
    """Say whether this visit is the one that stands, and let it stand longer. A statement every 15 seconds, no query."""
    if not _is_of(session, token) or session.visit_until is None or session.visit_until <= now:
        return False
    if session.visit_until - now > _STILL_LONG:
        return True
    still = DeviceSession.objects.filter(pk=session.pk, visit_hash=_hashed(b"visit", token))
    return bool(still.update(visit_until=now + VISIT))


def end_visit(session_id: int, token: str) -> bool:
    """End a visit; False when it is not the one that stands. Nothing of it is left."""
    visit = DeviceSession.objects.filter(pk=session_id, visit_hash=_hashed(b"visit", token))
    return bool(visit.update(visit_hash=b"", visit_until=None))


def _is_of(session: DeviceSession, token: str) -> bool:
    return bool(token) and bytes(session.visit_hash) == _hashed(b"visit", token)


def _password_mark(device: Device) -> bytes:
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"device password", device.password_hash.encode())


def _hashed(what: bytes, token: str) -> bytes:
    return keyed_hash(settings.SHUFANG_PIN_KEY, what, token.encode(errors="surrogatepass"))
