"""The network of the demonstration stands as the documents say."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shufang.accounts.models import User
from shufang.branches.devices import check_device_password
from shufang.branches.models import Branch, Device, Library
from shufang.circulation.models import Agreement, Limit, Policy
from shufang.demo import network
from shufang.patrons.models import CardKind

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_places_and_machines() -> None:
    network.lay_out(NOW)
    assert set(Library.objects.values_list("code", flat=True)) == {"DX", "SD"}
    studies = Branch.objects.filter(kind=Branch.Kind.CITY_STUDY)
    assert {(study.code, study.always_open) for study in studies} == {("GMD", True), ("HC", True), ("YZ", True)}
    assert Branch.objects.filter(kind=Branch.Kind.LIBRARY_BRANCH, library__code="DX").count() == 2
    assert dict(Device.objects.values_list("account", "encoding")) == {
        "gmd-1": "utf-8",
        "gmd-2": "utf-8",
        "gmd-gbk": "gb18030",
        "gmd-kiosk": "utf-8",
        "dx-1": "utf-8",
    }
    assert check_device_password("gmd-1", "demo") is not None
    assert set(Agreement.objects.values_list("owner__code", "at_library__code")) == {("DX", "SD"), ("SD", "DX")}


@pytest.mark.django_db
def test_card_kinds_are_beijings() -> None:
    network.lay_out(NOW)
    assert dict(CardKind.objects.filter(deposit__gt=0).values_list("code", "deposit")) == {
        "B": Decimal(50),
        "C": Decimal(100),
        "D": Decimal(200),
        "E": Decimal(500),
    }
    most = {
        (limit.card_kind.code, limit.group.code if limit.group else ""): limit.most
        for limit in Limit.objects.filter(counts="loans").select_related("card_kind", "group")
    }
    assert (most["B", "books"], most["C", "books"], most["C", "periodicals"], most["E", "foreign"]) == (5, 10, 5, 2)
    assert (most["B", ""], most["child", ""]) == (5, 15)
    assert not CardKind.objects.get(code="A").can_borrow


@pytest.mark.django_db
def test_rules_are_rows() -> None:
    network.lay_out(NOW)
    found = {
        policy.card_kind.code if policy.card_kind else "": policy
        for policy in Policy.objects.filter(library__code="DX").select_related("card_kind")
    }
    assert {(p.loan_days, p.renewals, p.renewal_days) for p in found.values()} == {(42, 1, 28)}
    assert (found[""].overdue_a_day, found[""].overdue_cap) == (Decimal("0.20"), Decimal(30))
    assert (found["child"].overdue_a_day, found["child"].overdue_cap) == (Decimal("0.10"), Decimal(20))


@pytest.mark.django_db
def test_only_the_librarian_enters_the_admin() -> None:
    network.lay_out(NOW)
    assert {user.username: user.is_staff for user in User.objects.all()} == {
        "librarian": True,
        "operator": False,
        "district": False,
    }
    assert all(user.check_password("demo") for user in User.objects.all())


@pytest.mark.django_db
def test_a_second_time_changes_nothing() -> None:
    network.lay_out(NOW)
    Branch.objects.filter(code="GMD").update(name="改名")
    network.lay_out(NOW)
    assert Branch.objects.get(code="GMD").name == "改名"
    assert Branch.objects.count() == len(network.BRANCHES)
