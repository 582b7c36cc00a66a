"""Numbers are written and looked for in capitals, whichever way they come, and old ones are made so."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from shufang.branches.models import Branch
from shufang.catalogue.models import Item, ItemKind, Title
from shufang.demo.network import lay_out

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def _items(*barcodes: str) -> list[Item]:
    lay_out(NOW)
    branch, kind = Branch.objects.get(code="GMD"), ItemKind.objects.get(code="book")
    title = Title.objects.create(source="t", control_number="1", title="三体", created_at=NOW, updated_at=NOW)
    return Item.objects.bulk_create(
        Item(
            barcode=barcode,
            title=title,
            library=branch.library,
            home_branch=branch,
            current_branch=branch,
            kind=kind,
            status_since=NOW,
            created_at=NOW,
        )
        for barcode in barcodes
    )


def test_every_way_in_and_every_question_folds() -> None:
    first, second = _items("dx1", "Dx2")
    assert (first.barcode, second.barcode) == ("DX1", "DX2")
    assert list(Item.objects.filter(barcode__in=["dX1", "dx2"]).order_by("id")) == [first, second]
    Item.objects.filter(pk=first.pk).update(barcode="dx3")
    assert Item.objects.values_list("barcode", flat=True).get(barcode="dx3") == "DX3"


def test_old_numbers_are_made_so_and_two_that_would_clash_stay() -> None:
    ids = [item.pk for item in _items("A1", "B1", "C1", "D书1")]
    old = ["dx1", "dx2", "DX2", "dx书3"]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE catalogue_item SET barcode = %s WHERE id = %s", list(zip(old, ids, strict=True)))
    migration = import_module("shufang.circulation.migrations.0005_numbers_in_capitals")
    migration.to_capitals(apps, connection.schema_editor())
    assert list(Item.objects.order_by("id").values_list("barcode", flat=True)) == ["DX1", "dx2", "DX2", "DX书3"]
