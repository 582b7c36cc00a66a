"""The accounts of the demonstration are found by their passwords; a real network's folder is left alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shufang.accounts.models import User
from shufang.branches.devices import hash_password
from shufang.branches.models import Device
from shufang.demo import guard, network

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_accounts_count_until_their_password_is_changed_or_they_are_disabled() -> None:
    assert guard.demonstration_accounts() == []
    network.lay_out(NOW)
    assert guard.demonstration_accounts() == [
        "SIP2 account dx-1",
        "SIP2 account gmd-1",
        "SIP2 account gmd-2",
        "SIP2 account gmd-gbk",
        "staff account district",
        "staff account librarian",
        "staff account operator",
    ]
    Device.objects.exclude(account="gmd-1").update(is_enabled=False)
    Device.objects.filter(account="gmd-1").update(password_hash=hash_password("another one"))
    User.objects.exclude(username="operator").update(is_active=False)
    assert guard.demonstration_accounts() == ["staff account operator"]


@pytest.mark.django_db
def test_a_folder_is_real_unless_it_is_marked(tmp_path: Path) -> None:
    assert not guard.is_real(tmp_path)
    network.lay_out(NOW)
    assert guard.is_real(tmp_path)
    guard.mark(tmp_path)
    assert not guard.is_real(tmp_path)
