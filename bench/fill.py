"""Fill a scratch database: the demo's network, patrons with cards, titles and items. Run as `python -m bench.fill N`."""

import os
import sys
from datetime import timedelta

import django
from django.conf import settings

from bench.scratch import ITEMS_A_PATRON

PIN = "135790"


def main(checkouts: int) -> None:
    """Make patrons and items for `checkouts` first checkouts, five a patron, all at GMD."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shufang.config.settings")
    django.setup()
    from django.core.management import call_command

    from shufang.branches.models import Branch, Library
    from shufang.catalogue.models import Item, ItemKind, Title
    from shufang.demo import network
    from shufang.kernel.clock import now
    from shufang.patrons import pin
    from shufang.patrons.models import Card, CardKind, Patron

    call_command("migrate", verbosity=0)
    at = now() - timedelta(days=1)
    network.lay_out(at)
    library, branch = Library.objects.get(code="DX"), Branch.objects.get(code="GMD")
    kind = CardKind.objects.get(code="adult")
    patrons = [
        Patron(name=f"读者{n}", pin_hash=pin.hash_pin(PIN), pin_version=1, created_at=at)
        for n in range(-(-checkouts // ITEMS_A_PATRON))
    ]
    Patron.objects.bulk_create(patrons, batch_size=500)
    Card.objects.bulk_create(
        [
            Card(
                number=f"B{n:07}",
                patron=patron,
                kind=kind,
                library=library,
                status="active",
                issued_at=at,
                status_since=at,
            )
            for n, patron in enumerate(patrons)
        ],
        batch_size=500,
    )
    titles = [
        Title(source="bench", control_number=str(n), title=f"书名{n}", author="作者", created_at=at, updated_at=at)
        for n in range(1000)
    ]
    Title.objects.bulk_create(titles, batch_size=500)
    book = ItemKind.objects.get(code="book")
    Item.objects.bulk_create(
        [
            Item(
                barcode=f"BX{n:08}",
                title=titles[n % len(titles)],
                library=library,
                home_branch=branch,
                current_branch=branch,
                kind=book,
                call_number="I247.5",
                status_since=at,
                created_at=at,
            )
            for n in range(checkouts)
        ],
        batch_size=500,
    )
    if settings.DATABASES["default"]["ENGINE"] == "shufang.database.sqlite3":
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(int(sys.argv[1]))
