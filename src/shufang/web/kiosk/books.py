"""A book as the kiosk shows it: title, author and drawn cover, all in one answer, so that the browser fetches and keeps nothing."""

from collections.abc import Mapping

from shufang.catalogue.models import Item, Title
from shufang.kernel.numbers import as_number
from shufang.web.covers.cover import cover

Shown = dict[str, object]


def shown_title(title: Title) -> Shown:
    """Return what is shown of a title."""
    clc = title.class_number if title.class_scheme == "clc" else (title.main_class_id or "")
    return {
        "title": title.title,
        "author": title.author,
        "language": title.language,
        "cover": cover(title.title, title.author, clc),
    }


def shown(barcode: str) -> Shown:
    """Return what is shown of the book with a barcode, nothing when there is none. One query."""
    item = Item.objects.select_related("title").filter(barcode=as_number(barcode)).first()
    return shown_title(item.title) if item is not None else {}


def shown_with(barcode: str, answer: Mapping[str, object]) -> Shown:
    """Return an answer about a book with what is shown of it."""
    return {"barcode": barcode, **shown(barcode), **answer}
