"""Loading files of MARC records into the catalogue: read, extract, match, write in short transactions.

A batch is looked up and prepared outside of any transaction and written in one of at most about 20 ms, so that lending
beside a load never waits long. What another loader changed in between makes the batch fail on a constraint; then it
is looked up anew.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError

from shufang.catalogue.loading.batch import BatchWriter
from shufang.catalogue.loading.candidates import Candidate, LoadReport
from shufang.catalogue.loading.holdings import items_of
from shufang.catalogue.loading.places import Places
from shufang.catalogue.loading.profiles import AUTOMATIC, Profile, read_profile
from shufang.catalogue.loading.rejects import RejectFile
from shufang.catalogue.loading.source import source_of, title_values
from shufang.kernel.clock import now as clock
from shufang.marc.iso2709 import Reading
from shufang.marc.reading import read_records
from shufang.marc.record import Broken, Dialect, Record

WRITING_SECONDS = 0.012
"""What a batch's writing should take; the batch grows and shrinks towards it and stays well below 20 ms."""

_SMALLEST, _LARGEST = 4, 256
_TRIES = 3


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to read and place records. None leaves it to the record; `branch` is where items stand that name none of ours."""

    profile: Profile | None = None
    dialect: Dialect | None = None
    encoding: str | None = None
    branch: str = ""
    source: str = ""


class Loader:
    """One run of loading. `progress` is told how many bytes of the file have been read since the last time."""

    def __init__(self, options: LoadOptions, rejects: RejectFile, progress: Callable[[int], object]) -> None:
        self.report = LoadReport()
        self._options = options
        self._rejects = rejects
        self._progress = progress
        self._writer = BatchWriter(Places.of_network(), rejects, self.report)
        self._profiles = {dialect: options.profile or read_profile(AUTOMATIC[dialect]) for dialect in Dialect}
        self._batch: list[Candidate] = []
        self._keys: set[tuple[str, str]] = set()
        self._size = 32

    def load(self, name: str, stream: BinaryIO) -> None:
        """Load all records of a seekable stream. OSError when the medium fails; what was written before stays."""
        place = 0
        for found in read_records(stream, Reading(self._options.dialect, self._options.encoding)):
            self.report.read += 1
            if isinstance(found, Broken):
                self._reject(name, found)
            else:
                self._take(name, found)
            if len(self._batch) >= self._size:
                self._flush()
                here = stream.tell()
                self._progress(here - place)
                place = here
        self._flush()
        self._progress(stream.tell() - place)

    def _reject(self, name: str, broken: Broken) -> None:
        self.report.rejected += 1
        sentence = broken.sentence
        self._rejects.record(name, broken.position, "", broken.reason.value, sentence, broken.raw, broken.form)

    def _take(self, name: str, record: Record) -> None:
        candidate = self._candidate(name, record)
        if not candidate.values.title:
            self.report.rejected += 1
            self._rejects.record(
                name, record.position, candidate.values.control_number, "no_title",
                "the record has no title (MARC 21 245, CNMARC 200)", record.raw, record.form,
            )  # fmt: skip
            return
        self.report.repaired += bool(record.repairs)
        keys = candidate.keys()
        if not keys.isdisjoint(self._keys):
            self._flush()  # It may be the same title as one of the batch, or clash with its items.
        self._keys |= keys
        self._batch.append(candidate)

    def _candidate(self, name: str, record: Record) -> Candidate:
        profile = self._profiles[record.dialect]
        source = self._options.source or source_of(record, profile.source or profile.name)
        values = title_values(record, source)
        items, no_items = items_of(record, profile, values.class_number) if profile.items else ([], [])
        return Candidate(
            file=name,
            record=record,
            values=values,
            digest=sha256(record.raw).digest(),
            items=items,
            no_items=no_items,
            profile=profile.name,
            clash_prefix=profile.barcode_prefix if profile.clash == "prefix" and profile.barcode_prefix else None,
            default_branch=self._options.branch or profile.default_branch,
        )

    def _flush(self) -> None:
        batch, self._batch, self._keys = self._batch, [], set()
        if not batch:
            return
        for attempt in range(1, _TRIES + 1):
            try:
                seconds = self._writer.write(batch, clock())
                break
            except IntegrityError:
                if attempt == _TRIES:
                    raise
        wanted = self._size * WRITING_SECONDS / max(seconds, 0.0005)
        self._size = int(min(_LARGEST, max(_SMALLEST, (self._size + wanted) / 2)))


def load_files(
    paths: list[Path], options: LoadOptions, rejects: RejectFile, bar: Callable[[int], object]
) -> LoadReport:
    """Load files one after another. OSError when one cannot be read."""
    loader = Loader(options, rejects, bar)
    with _rare_collection():
        for path in paths:
            with path.open("rb") as stream:
                loader.load(path.name, stream)
    loader.report.reject_files = [str(path) for path in rejects.record_paths]
    return loader.report


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Let Python look for reference cycles rarely: records make many objects and no cycles (a tenth of the time)."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
