"""A machine's password, its allowed addresses, and the address that needs no login."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shufang.branches.devices import bound_device, check_device_password, hash_password, may_call_from
from shufang.branches.models import Branch, Device
from shufang.demo import network


@pytest.fixture(autouse=True)
def _network(db: None) -> None:
    network.lay_out(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))


def test_right_password_gives_the_device_with_its_branch() -> None:
    for _ in range(2):  # the second from memory
        with CaptureQueriesContext(
            connection,
        ) as queries:
            device = check_device_password("gmd-1", "demo")
            assert device is not None
            assert device.branch.library.code == "DX"
        assert len(queries) == 1


@pytest.mark.parametrize(
    ("account", "password"), [("gmd-1", ""), ("gmd-1", "demo1"), ("nobody", "demo"), ("", ""), ("gmd-1", "\udcff")]
)
def test_wrong_ones_are_wrong(account: str, password: str) -> None:
    check_device_password("gmd-1", "demo")
    assert check_device_password(account, password) is None


def test_an_account_without_password_never_logs_in() -> None:
    Device.objects.filter(account="gmd-1").update(password_hash="")
    assert check_device_password("gmd-1", "") is None


def test_a_changed_password_counts_at_once() -> None:
    assert check_device_password("gmd-1", "demo")
    Device.objects.filter(account="gmd-1").update(password_hash=hash_password("other"))
    assert check_device_password("gmd-1", "demo") is None
    assert check_device_password("gmd-1", "other")


def test_a_disabled_device_or_branch_never_logs_in() -> None:
    assert check_device_password("gmd-1", "demo")
    Device.objects.filter(account="gmd-1").update(is_enabled=False)
    assert check_device_password("gmd-1", "demo") is None
    Branch.objects.filter(code="DX").update(is_enabled=False)
    assert check_device_password("dx-1", "demo") is None


@pytest.mark.parametrize(
    ("allowed", "address", "may"),
    [
        ("", "203.0.113.9", True),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("198.51.100.1, 192.0.2.0/24", "192.0.2.8", True),
        ("2001:db8::/32", "2001:db8::1", True),
        ("2001:db8::/32", "192.0.2.8", False),
        ("192.0.2.0/24", "not an address", False),
        ("no address", "192.0.2.8", False),
    ],
)
def test_addresses(allowed: str, address: str, *, may: bool) -> None:
    assert may_call_from(Device(allowed_addresses=allowed), address) is may


def test_a_bound_address_needs_no_login() -> None:
    Device.objects.filter(account="gmd-1").update(is_bound=True, allowed_addresses="192.0.2.7")
    Device.objects.filter(account="gmd-2").update(is_bound=True, allowed_addresses="192.0.2.0/24")
    device = bound_device("192.0.2.7")
    assert device is not None
    assert device.account == "gmd-1"
    assert bound_device("192.0.2.8") is None, "a network is no single address"


def test_an_address_bound_twice_binds_nobody() -> None:
    Device.objects.filter(account__startswith="gmd-").update(is_bound=True, allowed_addresses="192.0.2.7")
    assert bound_device("192.0.2.7") is None
