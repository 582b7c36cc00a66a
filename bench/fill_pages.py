"""Fill a scratch database for the pages: a catalogue of N titles and a reader with five books: `python -m bench.fill_pages FILE N`.

Prints JSON: the title whose page is opened (one with copies).
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import django

from bench.fill import PIN

CARD = "B0000001"
BOOKS = 5


def main(path: Path, wanted: int) -> None:
    """Build the catalogue, issue the card, lend."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shufang.config.settings")
    django.setup()
    from bench.search_many import build
    from shufang.branches.models import Branch, Library
    from shufang.catalogue.models import Item
    from shufang.circulation.checkout import CheckedOut, Checkout, checkout
    from shufang.circulation.place import Place
    from shufang.demo.cast import done_as
    from shufang.kernel.clock import now
    from shufang.registration.issue_card import CardIssued, IssueCard, Person, issue_card

    build(path, wanted)
    at = now() - timedelta(hours=1)
    person = Person(name="王小红", birth_date=at.date().replace(year=1990, day=1), email="b1@example.com")
    library = Library.objects.get(code="DX")
    done_as(CardIssued, issue_card(IssueCard(CARD, "adult", library.pk, person, pin=PIN), at))
    place = Place(Branch.objects.get(code="GMD").pk, is_attended=True)
    standing = Item.objects.filter(status="available", library=library).order_by("-title__popularity", "id")
    items = list(standing[: BOOKS + 1])
    for item in items[:BOOKS]:
        done_as(CheckedOut, checkout(Checkout(CARD, item.barcode, place), at + timedelta(minutes=1)))
    print(json.dumps({"title": items[BOOKS].title_id}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
