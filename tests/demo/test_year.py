"""The invented readers and their lending keep every rule of the data, and look like the network they tell of."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from shufang.catalogue.models import Item, Title
from shufang.circulation.models import Event, History, Hold, Loan
from shufang.config.invariants.running import run_all
from shufang.demo import build, people, year
from shufang.kernel.clock import now
from shufang.money.models import Charge
from shufang.patrons.models import Card, Guardianship, Patron

DAYS = 70


@pytest.mark.django_db
def test_the_whole_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    """One test for all: making it takes some seconds."""
    whole = year.write_year
    monkeypatch.setattr(year, "write_year", lambda at: whole(at, DAYS))
    earlier = now() - timedelta(hours=1)  # PostgreSQL's clock stands still in the test's transaction
    monkeypatch.setattr(build, "now", lambda: earlier)
    said: list[str] = []
    assert build.build(said.append, with_history=True)
    assert len(said) == 2
    _keeps_every_rule()
    _has_its_catalogue()
    _has_its_people()
    _has_its_loans()
    before = (Event.objects.count(), Patron.objects.count(), Item.objects.count())
    assert not build.build(said.append, with_history=True)
    assert people.invent(now()) == 0
    assert year.write_year(now()) == 0
    assert (Event.objects.count(), Patron.objects.count(), Item.objects.count()) == before


def _keeps_every_rule() -> None:
    assert [sentence for found in run_all() for sentence in found.violations] == []


def _has_its_catalogue() -> None:
    assert Title.objects.count() > 2900
    assert not Title.objects.filter(marc__isnull=True).exists()
    at = Counter(Item.objects.values_list("home_branch__code", flat=True))
    assert at["GMD"] == at["HC"] == at["YZ"] == 800
    classed = Item.objects.filter(title__main_class__isnull=False)
    assert not classed.exclude(call_number__startswith=F("title__main_class")).exists()


def _has_its_people() -> None:
    assert Card.objects.filter(number__gte="D0001001", number__lte="D0003000").count() == people.COUNT
    keeping = Patron.objects.filter(keeps_history=True).count() / people.COUNT
    assert 0.4 < keeping < 0.6
    children = Patron.objects.filter(cards__kind__is_child=True)
    assert not children.filter(guardians__isnull=True).exists()
    assert not Guardianship.objects.filter(guardian__cards__kind__is_child=True).exists()
    assert not Patron.objects.exclude(email__endswith="@example.com").exists()


def _has_its_loans() -> None:
    out = Event.objects.filter(verb="checkout", branch__code="GMD", at__lt=now() - timedelta(minutes=10))
    times = [timezone.localtime(at) for at in out.values_list("at", flat=True)]
    assert 90 < len(times) / DAYS < 150
    hours = Counter(at.hour for at in times)
    assert {hour for hour, _ in hours.most_common(2)} == {19, 20}
    weekdays = Counter(at.isoweekday() for at in times)
    assert {day for day, _ in weekdays.most_common(2)} == {6, 7}
    assert Loan.objects.filter(status="open").exists()
    assert Loan.objects.filter(status="open", due_at__lt=now()).exists()
    assert not Loan.objects.filter(status="closed", patron__isnull=False).exists()
    assert {hold.status for hold in Hold.objects.all()} == {Hold.Status.WAITING, Hold.Status.READY}
    assert History.objects.exists()
    assert not History.objects.filter(patron__keeps_history=False).exists()
    assert Charge.objects.filter(settled_at__isnull=True, kind="overdue").count() > 1
    newest = Event.objects.order_by("-id")[0]
    assert newest.at <= datetime.now(UTC)
