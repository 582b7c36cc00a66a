"""Being in the study: what a kiosk shows, what of it counts, for whom and how long."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shufang.branches import presence
from shufang.branches.devices import check_device_password
from shufang.branches.models import Branch, Device
from shufang.branches.presence import (
    Presence,
    Seen,
    arrival_of,
    arrived,
    branch_of,
    code_of,
    phone_account,
    proof_of,
    proved,
    take,
)
from shufang.demo.network import lay_out
from shufang.kernel.refusal import Refusal

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SESSION, OTHER_SESSION, READER, OTHER_READER = 7, 8, 70, 80


def kiosk(branch: str = "GMD") -> Device:
    return Device.objects.create(
        account=f"test-kiosk-{branch}-{Device.objects.count()}",
        kind=Device.Kind.KIOSK,
        branch=Branch.objects.get(code=branch),
        encoding="utf-8",
    )


@pytest.fixture(autouse=True)
def _network(db: None) -> None:
    lay_out(NOW)
    Device.objects.filter(kind=Device.Kind.KIOSK).update(is_enabled=False)


def code_at(device: Device, now: datetime = NOW) -> str:
    return code_of(device.pk, now).code


def test_a_code_is_eight_digits_that_change_every_thirty_seconds() -> None:
    device = kiosk()
    shown = code_of(device.pk, NOW + 12 * SECOND)
    assert len(shown.code) == 8
    assert shown.code.isdigit()
    assert shown.typed == f"{shown.code[:4]} {shown.code[4:]}"
    assert shown.until == NOW + 30 * SECOND
    assert code_at(device, NOW + 29 * SECOND) == shown.code
    assert code_at(device, NOW + 30 * SECOND) != shown.code
    assert code_at(kiosk(), NOW) != shown.code


def test_it_names_the_branch_while_it_is_shown_and_thirty_seconds_more() -> None:
    device = kiosk()
    code = code_at(device)
    assert branch_of(code, NOW) == Seen(device.branch_id, device.pk, int(NOW.timestamp()) // 30)
    assert isinstance(branch_of(code, NOW + 59 * SECOND), Seen)
    assert branch_of(code, NOW + 60 * SECOND) == Refusal("presence_old")
    assert branch_of(code, NOW + 599 * SECOND) == Refusal("presence_old")
    assert branch_of(code, NOW + 600 * SECOND) == Refusal("presence_unknown")
    assert branch_of(code, NOW - SECOND) == Refusal("presence_unknown")


def test_it_is_read_however_people_type_it_in_one_query() -> None:
    device = kiosk()
    code = code_at(device)
    for typed in (f"{code[:4]} {code[4:]}", f" {code[:4]}-{code[4:]} ", f"{code[:4]}\u3000{code[4:]}"):
        assert isinstance(branch_of(typed, NOW), Seen)
    with CaptureQueriesContext(connection) as queries:
        branch_of(code, NOW)
    assert len(queries) == 1


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "１２３４５６７８", "0" * 5000])
def test_what_is_no_code_is_refused(typed: str) -> None:
    kiosk()
    assert branch_of(typed, NOW) == Refusal("presence_unknown")


def test_only_kiosks_that_stand_count() -> None:
    device = kiosk()
    code = code_at(device)
    gate = Device.objects.create(account="gate", kind=Device.Kind.GATE, branch=device.branch, encoding="utf-8")
    assert branch_of(code_at(gate), NOW) == Refusal("presence_unknown")
    Device.objects.filter(pk=device.pk).update(is_enabled=False)
    assert branch_of(code, NOW) == Refusal("presence_unknown")
    Device.objects.filter(pk=device.pk).update(is_enabled=True)
    Branch.objects.filter(pk=device.branch_id).update(is_enabled=False)
    assert branch_of(code, NOW) == Refusal("presence_unknown")


def test_the_same_code_at_two_studies_names_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = kiosk("GMD"), kiosk("QY")
    monkeypatch.setattr(presence, "_code", lambda _device_id, _step: "12345678")
    assert here.branch_id != there.branch_id
    assert branch_of("12345678", NOW) == Refusal("presence_unknown")


def test_a_code_counts_once_for_a_reader_and_for_every_reader() -> None:
    seen = branch_of(code_at(kiosk()), NOW)
    assert isinstance(seen, Seen)
    assert take(seen, READER, NOW) is None
    assert take(seen, READER, NOW + SECOND) == Refusal("presence_used")
    assert take(seen, OTHER_READER, NOW + SECOND) is None


def test_a_proof_lasts_ten_minutes_in_the_sign_in_that_read_the_code() -> None:
    seen = branch_of(code_at(kiosk()), NOW)
    assert isinstance(seen, Seen)
    token = proof_of(seen, SESSION, NOW)
    assert proved(token, SESSION, NOW) == Presence(seen.branch_id, NOW, NOW + timedelta(minutes=10))
    assert isinstance(proved(token, SESSION, NOW + 599 * SECOND), Presence)
    assert proved(token, SESSION, NOW + 600 * SECOND) == Refusal("presence_over")
    assert proved(token, OTHER_SESSION, NOW) == Refusal("presence_elsewhere")
    assert proved("", SESSION, NOW) == Refusal("presence_missing")
    assert proved(token[:-1] + ("A" if token[-1] != "A" else "B"), SESSION, NOW) == Refusal("presence_missing")


def test_a_proof_begins_at_its_moment_and_not_before() -> None:
    seen = branch_of(code_at(kiosk()), NOW)
    assert isinstance(seen, Seen)
    moment = NOW + timedelta(microseconds=654_321)
    found = proved(proof_of(seen, SESSION, moment), SESSION, moment)
    assert isinstance(found, Presence)
    assert found.since == moment


def test_who_signs_in_first_has_five_minutes_and_an_arrival_is_no_proof() -> None:
    seen = branch_of(code_at(kiosk()), NOW)
    assert isinstance(seen, Seen)
    token = arrival_of(seen, NOW)
    assert arrived(token, NOW + 299 * SECOND) == (seen, NOW)
    assert arrived(token, NOW + 300 * SECOND) is None
    assert arrived(proof_of(seen, SESSION, NOW), NOW) is None
    assert proved(token, SESSION, NOW) == Refusal("presence_missing")


def test_the_phones_of_a_branch_share_an_account_that_nobody_can_sign_in_with() -> None:
    branch = Branch.objects.get(code="GMD")
    device = phone_account(branch.pk)
    assert device is not None
    assert (device.kind, device.is_attended) == (Device.Kind.PHONE, False)
    assert phone_account(branch.pk) == device
    assert check_device_password(device.account, "") is None
    Device.objects.filter(pk=device.pk).update(is_enabled=False)
    assert phone_account(branch.pk) is None
