"""Giving MARC records back: byte for byte where they came in valid, else written anew in UTF-8."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter

from shufang.catalogue.loading.stored import stored_record
from shufang.catalogue.models import KeptRecord, LinkedRecord, MarcRecord
from shufang.marc.record import Broken, Form
from shufang.marc.writing import TooLongError, UnwritableError, to_iso2709, to_marcxml

_PLAIN_START = b"<record"


@dataclass(frozen=True, slots=True)
class Exported:
    """One title's record in the form that was asked for."""

    title_id: int
    content: bytes


@dataclass(frozen=True, slots=True)
class NotExported:
    """A record that cannot be written in this form, and why (a stable code and an English sentence)."""

    title_id: int
    code: str
    sentence: str


def stored_records(title_ids: Iterable[int] | None = None) -> Iterator[KeptRecord]:
    """Return the stored records, by title, each title's own before those linked to it. Two streamed queries."""
    own = MarcRecord.objects.order_by("title_id")
    linked = LinkedRecord.objects.order_by("title_id", "source", "control_number")
    if title_ids is not None:
        wanted = list(title_ids)
        own, linked = own.filter(title_id__in=wanted), linked.filter(title_id__in=wanted)
    return merge(own.iterator(chunk_size=200), linked.iterator(chunk_size=200), key=attrgetter("title_id"))


def export(stored: KeptRecord, form: Form) -> Exported | NotExported:
    """Return one record in a form. Its own bytes are kept if it came in that form with nothing to repair."""
    raw = bytes(stored.raw)
    found = stored_record(stored)
    if isinstance(found, Broken):
        return NotExported(stored.title_id, "unreadable", found.sentence)
    if found.is_valid and found.form is form and _stands_alone(raw, form, stored.encoding):
        return Exported(stored.title_id, raw if form is Form.ISO2709 else raw + b"\n")
    try:
        return Exported(stored.title_id, to_iso2709(found) if form is Form.ISO2709 else to_marcxml(found))
    except TooLongError as error:
        return NotExported(stored.title_id, "too_long", f"{error}; MARCXML can hold it")
    except UnwritableError as error:
        return NotExported(stored.title_id, "unwritable", str(error))


def _stands_alone(raw: bytes, form: Form, encoding: str) -> bool:
    """A MARCXML element is its own bytes only without a prefix declared further out, and in the new file's encoding."""
    return form is Form.ISO2709 or (raw.startswith(_PLAIN_START) and encoding in {"utf-8", "utf8", "us-ascii"})
