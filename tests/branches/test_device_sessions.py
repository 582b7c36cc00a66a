"""Browsers signed in as kiosks, and the visits of readers at them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shufang.branches import device_sessions as sessions
from shufang.branches.devices import hash_password
from shufang.branches.models import Branch, Device, DeviceSession
from shufang.demo import network

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HERE = "10.1.2.3"


@pytest.fixture(autouse=True)
def _network(db: None) -> None:
    network.lay_out(NOW)


@pytest.fixture
def kiosk() -> Device:
    return Device.objects.create(
        account="kiosk-9",
        kind=Device.Kind.KIOSK,
        branch=Branch.objects.get(code="GMD"),
        encoding="utf-8",
        password_hash=hash_password("a long one"),
    )


def found(token: str, at: datetime = NOW, address: str = HERE) -> DeviceSession:
    session = sessions.find_session(token, address, at)
    assert session is not None
    return session


def test_a_session_knows_device_branch_and_library_in_one_query(kiosk: Device) -> None:
    token = sessions.open_session(kiosk, HERE, NOW)
    with CaptureQueriesContext(connection) as queries:
        session = found(token)
        assert (session.device.account, session.device.branch.library.code) == ("kiosk-9", "DX")
    assert len(queries) == 1
    assert token.encode() not in bytes(session.token_hash)
    assert sessions.find_session("", HERE, NOW) is None
    assert sessions.find_session(token + "x", HERE, NOW) is None
    assert sessions.find_session("\udcff", HERE, NOW) is None


def test_it_lasts_as_long_as_it_is_used(kiosk: Device) -> None:
    token = sessions.open_session(kiosk, HERE, NOW)
    later = NOW + timedelta(days=300)
    assert sessions.find_session(token, HERE, later)
    assert sessions.find_session(token, HERE, later + timedelta(days=399))
    assert sessions.find_session(token, HERE, later + timedelta(days=800)) is None


def test_it_ends_when_it_is_signed_out_or_the_device_changes(kiosk: Device) -> None:
    token = sessions.open_session(kiosk, HERE, NOW)
    other = sessions.open_session(kiosk, HERE, NOW)
    sessions.end_session(found(token).pk)
    assert sessions.find_session(token, HERE, NOW) is None
    for change, back in (
        ({"is_enabled": False}, {"is_enabled": True}),
        ({"kind": Device.Kind.SELF_CHECK}, {"kind": Device.Kind.KIOSK}),
        ({"allowed_addresses": "10.9.0.0/16"}, {"allowed_addresses": "10.1.0.0/16"}),
        ({"password_hash": hash_password("a long one")}, {}),
    ):
        assert sessions.find_session(other, HERE, NOW)
        Device.objects.filter(pk=kiosk.pk).update(**change)
        assert sessions.find_session(other, HERE, NOW) is None, change
        if back:
            Device.objects.filter(pk=kiosk.pk).update(**back)


def test_a_closed_branch_has_no_kiosk(kiosk: Device) -> None:
    token = sessions.open_session(kiosk, HERE, NOW)
    Branch.objects.filter(code="GMD").update(is_enabled=False)
    assert sessions.find_session(token, HERE, NOW) is None


def test_one_visit_at_a_time(kiosk: Device) -> None:
    token = sessions.open_session(kiosk, HERE, NOW)
    first = sessions.begin_visit(found(token).pk, NOW)
    assert sessions.visit_goes_on(found(token), first, NOW)
    assert not sessions.visit_goes_on(found(token), "", NOW)
    second = sessions.begin_visit(found(token).pk, NOW)
    assert not sessions.visit_goes_on(found(token), first, NOW)
    assert not sessions.end_visit(found(token).pk, first)  # a late timer of the first ends nobody else's visit
    assert sessions.visit_goes_on(found(token), second, NOW)
    assert sessions.end_visit(found(token).pk, second)
    assert not sessions.visit_goes_on(found(token), second, NOW)
    assert (bytes(found(token).visit_hash), found(token).visit_until) == (b"", None)


def test_a_visit_of_which_nothing_is_heard_ends(kiosk: Device) -> None:
    token = sessions.open_session(kiosk, HERE, NOW)
    visit = sessions.begin_visit(found(token).pk, NOW)
    for step in range(1, 6):
        assert sessions.visit_goes_on(found(token), visit, NOW + timedelta(seconds=45 * step))
    assert not sessions.visit_goes_on(found(token), visit, NOW + timedelta(seconds=45 * 5 + 91))


def test_a_visit_is_written_down_seldom(kiosk: Device) -> None:
    token = sessions.open_session(kiosk, HERE, NOW)
    visit = sessions.begin_visit(found(token).pk, NOW)
    with CaptureQueriesContext(connection) as queries:
        assert sessions.visit_goes_on(found(token), visit, NOW + timedelta(seconds=14))
    assert len(queries) == 1  # the session's


@pytest.mark.parametrize("agent", ["", "ws://127.0.0.1:8765", "ws://localhost:1", "ws://[::1]:9999"])
def test_an_agent_is_on_the_kiosk_itself(kiosk: Device, agent: str) -> None:
    kiosk.agent = agent
    kiosk.full_clean(exclude=["password_hash"])


@pytest.mark.parametrize(
    "agent",
    [
        "ws://10.0.0.1:8765",
        "wss://127.0.0.1:1",
        "ws://127.0.0.1",
        "ws://127.0.0.1:1; script-src *",
        "ws://127.0.0.1:1\n",
    ],
)
def test_an_agent_elsewhere_is_refused(kiosk: Device, agent: str) -> None:
    kiosk.agent = agent
    with pytest.raises(ValidationError):
        kiosk.full_clean(exclude=["password_hash"])
