"""The admin: for the librarian alone, what happened is read-only, a look at a reader is written down."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.test import Client

from shufang.accounts.models import Organisation, User
from shufang.audit.models import Entry
from shufang.branches.devices import check_device_password
from shufang.branches.models import Device
from shufang.catalogue.models import Title
from shufang.catalogue.search.models import SearchDocument
from shufang.circulation.models import Conflict
from shufang.demo import cast
from shufang.patrons.models import Card

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
READ_ONLY = (
    "circulation/event", "circulation/loan", "circulation/hold", "circulation/transit", "money/charge", "money/payment",
    "money/settlement", "money/deposit", "money/refunddue", "audit/entry", "patrons/patron", "patrons/card",
    "notices/notice", "registration/errand", "registration/cardcentre", "registration/cityconflict",
    "registration/termsagreed",
)  # fmt: skip


@pytest.fixture
def librarian(db: None) -> Client:
    """Return the librarian's browser, with the cast settled."""
    cast.settle(NOW)
    client = Client()
    assert client.login(username="librarian", password="demo")
    return client


@pytest.mark.parametrize("name", ["operator", "district"])
def test_nobody_else_enters(librarian: Client, name: str) -> None:
    other = Client()
    assert other.login(username=name, password="demo")
    assert other.get("/admin/").status_code == 302
    assert other.get("/admin/patrons/patron/").status_code == 302
    assert librarian.get("/admin/").status_code == 200


def test_every_list_and_every_page_opens(librarian: Client) -> None:
    for model, page in admin.site._registry.items():
        opts = model._meta
        address = f"/admin/{opts.app_label}/{opts.model_name}/"
        assert librarian.get(address).status_code == 200, address
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            assert librarian.get(f"{address}{row.pk}/change/").status_code == 200, (address, page)


@pytest.mark.parametrize("path", READ_ONLY)
def test_what_happened_is_read_only(librarian: Client, path: str) -> None:
    assert librarian.get(f"/admin/{path}/add/").status_code == 403
    app, model = path.split("/")
    row = next(m for m in admin.site._registry if (m._meta.app_label, m._meta.model_name) == (app, model))
    first = row._default_manager.order_by("pk").first()
    if first is not None:
        assert librarian.post(f"/admin/{path}/{first.pk}/change/", {}).status_code == 403
        assert librarian.post(f"/admin/{path}/{first.pk}/delete/", {"post": "yes"}).status_code == 403
    delete = {"action": "delete_selected", "_selected_action": "1", "post": "yes"}
    before = row._default_manager.count()
    librarian.post(f"/admin/{path}/", delete)
    assert row._default_manager.count() == before


@pytest.mark.parametrize("kind", ["patron", "card", "loan", "charge"])
def test_a_look_is_written_down(librarian: Client, kind: str) -> None:
    card = Card.objects.get(number="D0000005" if kind == "charge" else "D0000002")
    subject = {"patron": card.patron_id, "card": card.pk}.get(kind)
    if subject is None:
        rows = card.patron.loans if kind == "loan" else card.patron.charges
        subject = rows.order_by("id").values_list("pk", flat=True)[0]
    app = {"loan": "circulation", "charge": "money"}.get(kind, "patrons")
    assert librarian.get(f"/admin/{app}/{kind}/{subject}/change/").status_code == 200
    entry = Entry.objects.get(action="look")
    assert (entry.subject_kind, entry.subject_id, entry.user_name) == (kind, subject, "librarian")


def test_no_hash_is_ever_shown(librarian: Client) -> None:
    card = Card.objects.get(number="D0000002")
    page = librarian.get(f"/admin/patrons/patron/{card.patron_id}/change/").content.decode()
    assert card.patron.name in page
    assert "scrypt" not in page
    device = Device.objects.get(account="gmd-1")
    assert "scrypt" not in librarian.get(f"/admin/branches/device/{device.pk}/change/").content.decode()


def test_a_machine_gets_a_new_password(librarian: Client) -> None:
    device = Device.objects.get(account="gmd-1")
    form = {
        "account": "gmd-1",
        "kind": "self_check",
        "branch": device.branch_id,
        "encoding": "utf-8",
        "dialect": "standard",
        "allowed_addresses": "192.0.2.0/24",
        "offline_loans": "5",
        "offline_hours": "12",
        "new_password": "another one",
        "is_enabled": "on",
    }
    address = f"/admin/branches/device/{device.pk}/change/"
    assert librarian.post(address, form | {"is_bound": "on"}).status_code == 200, "bound to a network: refused"
    assert librarian.post(address, form | {"allowed_addresses": "somewhere"}).status_code == 200
    assert check_device_password("gmd-1", "demo") is not None
    assert librarian.post(address, form).status_code == 302
    assert check_device_password("gmd-1", "demo") is None
    assert check_device_password("gmd-1", "another one") is not None


def test_a_suppressed_title_is_found_no_more(librarian: Client) -> None:
    title = Title.objects.get(items__barcode="DX00000001")
    assert SearchDocument.objects.filter(title_id=title.pk).exists()
    address = f"/admin/catalogue/title/{title.pk}/change/"
    assert librarian.post(address, {"is_suppressed": "on"}).status_code == 302
    title.refresh_from_db()
    assert title.is_suppressed
    assert not SearchDocument.objects.filter(title_id=title.pk).exists()


def test_a_settled_conflict_names_nobody(librarian: Client) -> None:
    conflict = Conflict.objects.create(
        at=NOW, verb="checkout", code="card_lost", happened_at=NOW, card_number="D0000004", barcode="DX00000001"
    )
    librarian.post("/admin/circulation/conflict/", {"action": "settle", "_selected_action": str(conflict.pk)})
    conflict.refresh_from_db()
    assert (conflict.card_number, conflict.barcode) == ("", "")
    assert conflict.settled_at is not None


def test_only_a_librarian_may_be_let_in(librarian: Client) -> None:
    user = User.objects.get(username="operator")
    form = {
        "username": "operator",
        "role": "operator",
        "organisation": Organisation.objects.get(code="YY").pk,
        "language": "en",
        "is_active": "on",
        "is_staff": "on",
    }
    assert librarian.post(f"/admin/accounts/user/{user.pk}/change/", form).status_code == 200
    user.refresh_from_db()
    assert not user.is_staff
