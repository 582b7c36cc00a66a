"""The accounts of the demonstration are found by their passwords; a real network's folder is left alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from shufang.accounts.models import User
from shufang.audit.models import Entry
from shufang.branches.devices import hash_password
from shufang.branches.models import Device
from shufang.catalogue.models import Title
from shufang.demo import guard, network
from shufang.patrons.models import Patron

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
        "SIP2 account gmd-kiosk",
        "staff account district",
        "staff account librarian",
        "staff account operator",
    ]
    Device.objects.exclude(account="gmd-1").update(is_enabled=False)
    Device.objects.filter(account="gmd-1").update(password_hash=hash_password("another one"))
    User.objects.exclude(username="operator").update(is_active=False)
    assert guard.demonstration_accounts() == ["staff account operator"]


@pytest.mark.django_db
def test_a_database_is_real_unless_it_is_marked(tmp_path: Path) -> None:
    assert not guard.is_real(tmp_path)
    network.lay_out(NOW)
    assert guard.is_real(tmp_path)
    for _ in range(2):
        guard.mark(tmp_path)
    assert Entry.objects.count() == 1
    assert not guard.is_real(tmp_path)
    assert not guard.is_real(tmp_path / "another folder"), "the mark is in the database"


@pytest.mark.django_db
def test_staff_without_a_library_are_real_too(tmp_path: Path) -> None:
    User.objects.create_user("wang")
    assert guard.is_real(tmp_path)


@pytest.mark.django_db
def test_a_catalogue_that_was_loaded_before_any_library_is_real_too(tmp_path: Path) -> None:
    Title.objects.create(source="t", control_number="1", title="真的书", created_at=NOW, updated_at=NOW)
    assert guard.is_real(tmp_path)


@pytest.mark.django_db
def test_readers_without_a_library_are_real_too(tmp_path: Path) -> None:
    Patron.objects.create(name="王小明", created_at=NOW)
    assert guard.is_real(tmp_path)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_mark_of_a_folder_says_nothing_of_a_servers_database(tmp_path: Path) -> None:
    (tmp_path / guard.MARK).touch()
    network.lay_out(NOW)
    assert guard.is_real(tmp_path)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_an_embedded_database_is_known_by_its_folder_too(tmp_path: Path) -> None:
    (tmp_path / guard.MARK).touch()
    network.lay_out(NOW)
    assert not guard.is_real(tmp_path)


@pytest.mark.django_db
def test_the_tables_of_another_program_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda: ["wp_posts"])
    assert guard.is_real(tmp_path)
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert not guard.is_real(tmp_path)
