"""All of loading that needs no database: from the bytes of a record to what will be written of it.

It knows no Django, so that a second process can do it (parallel.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from shufang.catalogue.loading.candidates import Candidate, Rejected
from shufang.catalogue.loading.holdings import items_of
from shufang.catalogue.loading.profiles import Profile
from shufang.catalogue.loading.source import source_of, title_values
from shufang.catalogue.loading.title_values import TitleValues
from shufang.catalogue.search.document import document
from shufang.catalogue.search.indexable import IndexableTitle
from shufang.marc.iso2709 import Reading
from shufang.marc.reading import Unit, record_of
from shufang.marc.record import Broken, Dialect, Record


@dataclass(frozen=True, slots=True)
class Preparer:
    """How records are read and understood in one load. `branch` and `source` are the caller's, empty for the record's."""

    reading: Reading
    profiles: dict[Dialect, Profile]
    branch: str = ""
    source: str = ""


def prepare(preparer: Preparer, file: str, units: Sequence[Unit]) -> list[Candidate | Rejected]:
    """Return what is to be loaded of some units of a file, or why not, in order."""
    prepared: list[Candidate | Rejected] = []
    for unit in units:
        found = record_of(unit, preparer.reading)
        if isinstance(found, Broken):
            reason, sentence = found.reason.value, found.sentence
            prepared.append(Rejected(found.position, "", reason, sentence, found.raw, found.form, found.encoding))
        else:
            prepared.append(_candidate(preparer, file, found))
    return prepared


def _candidate(preparer: Preparer, file: str, record: Record) -> Candidate | Rejected:
    profile = preparer.profiles[record.dialect]
    source = preparer.source or source_of(record, profile.source or profile.name)
    values = title_values(record, source)
    if not values.title:
        sentence = "the record has no title (MARC 21 245, CNMARC 200)"
        return Rejected(
            record.position, values.control_number, "no_title", sentence, record.raw, record.form, record.encoding
        )
    items, no_items = items_of(record, profile, values.class_number) if profile.items else ([], [])
    digest = content_digest(record)
    record.fields = []
    title = indexable(0, values, [item.call_number for item in items])
    return Candidate(
        file=file,
        record=record,
        values=values,
        digest=digest,
        items=items,
        no_items=no_items,
        profile=profile.name,
        title=title,
        document=document(title),
        clash_prefix=profile.barcode_prefix if profile.clash == "prefix" and profile.barcode_prefix else None,
        default_branch=preparer.branch or profile.default_branch,
    )


def content_digest(record: Record) -> bytes:
    """Return the SHA-256 of what a record says: its fields, and of its leader what is no length, coding or layout.

    Some write a blank of the leader as a hyphen or #. So the same record is the same in another encoding or wrapping, and another one when it is read in another encoding.
    """
    leader = record.leader.replace("-", " ").replace("#", " ")
    parts = [leader[5:9], leader[17:20]]
    parts += [tag + text for tag, text in record.fields]
    return sha256("\x1e".join(parts).encode("utf-8", "surrogatepass")).digest()


def indexable(
    title_id: int,
    values: TitleValues,
    call_numbers: Iterable[str] = (),
    popularity: int = 0,
    *,
    is_suppressed: bool = False,
) -> IndexableTitle:
    """Return the title as the index takes it; `call_numbers` are those of its items."""
    return IndexableTitle(
        id=title_id,
        title=values.title,
        title_romanised=values.title_romanised,
        volume=values.volume,
        author=values.author,
        author_romanised=values.author_romanised,
        responsibility=values.responsibility,
        series=values.all_series,
        subjects=values.subjects,
        publishers=values.publishers,
        identifiers=values.numbers,
        call_numbers=tuple(dict.fromkeys([*values.call_numbers, *filter(None, call_numbers)])),
        others=values.others,
        language=values.language,
        year=values.year,
        main_class=values.main_class,
        material=values.material,
        popularity=popularity,
        is_suppressed=is_suppressed,
    )
