"""Loading files of MARC records into the catalogue: read, extract, match, write in short transactions.

A batch is looked up and prepared outside of any transaction and written in one of at most about 20 ms, so that lending
beside a load never waits long. What another loader changed in between makes the batch fail on a constraint; then it
is looked up anew.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError, connection

from shufang.catalogue.loading.batch import BatchWriter
from shufang.catalogue.loading.candidates import Candidate, LoadReport, Rejected
from shufang.catalogue.loading.parallel import Helper, prepared
from shufang.catalogue.loading.places import Places
from shufang.catalogue.loading.preparing import Preparer
from shufang.catalogue.loading.profiles import AUTOMATIC, Profile, read_profile
from shufang.catalogue.loading.rejects import RejectFile
from shufang.kernel.clock import now as clock
from shufang.marc.iso2709 import Reading
from shufang.marc.reading import read_units
from shufang.marc.record import Dialect

WRITING_SECONDS = 0.015
"""What a batch's writing should take; the batch grows and shrinks towards it and stays well below 20 ms."""

_SMALLEST, _LARGEST = 4, 256
_TRIES = 3
_MAPPED = 64 << 20


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to read and place records. None leaves it to the record; `branch` is where items stand that name none of ours."""

    profile: Profile | None = None
    dialect: Dialect | None = None
    encoding: str | None = None
    branch: str = ""
    source: str = ""


class Loader:
    """One run of loading. `progress` is told how many bytes of the file have been read since the last time.

    `helper` is whether a long load may start a second process; `close` ends it.
    """

    def __init__(
        self, options: LoadOptions, rejects: RejectFile, progress: Callable[[int], object], *, helper: bool = False
    ) -> None:
        self.report = LoadReport()
        self._rejects = rejects
        self._progress = progress
        self._writer = BatchWriter(Places.of_network(), rejects, self.report)
        profiles = {dialect: options.profile or read_profile(AUTOMATIC[dialect]) for dialect in Dialect}
        reading = Reading(options.dialect, options.encoding)
        self._preparer = Preparer(reading, profiles, options.branch, options.source)
        self._helper = Helper(self._preparer) if helper else None
        self._batch: list[Candidate] = []
        self._keys: set[tuple[str, str]] = set()
        self._seen: dict[int, bytes] = {}
        self._size = 32

    def load(self, name: str, stream: BinaryIO) -> None:
        """Load all records of a seekable stream. OSError when the medium fails; what was written before stays."""
        place = 0
        self._seen.clear()
        units = read_units(stream, self._preparer.reading)
        for chunk in prepared(units, name, self._preparer, self._helper):
            for each in chunk:
                self.report.read += 1
                if isinstance(each, Rejected):
                    self._reject(name, each)
                else:
                    self._take(each)
            here = stream.tell()
            self._progress(here - place)
            place = here
        self._flush()
        self._progress(stream.tell() - place)

    def close(self) -> None:
        """End the second process, if there is one."""
        if self._helper is not None:
            self._helper.close()

    def _reject(self, name: str, one: Rejected) -> None:
        self.report.rejected += 1
        self._rejects.record(name, one)

    def _take(self, candidate: Candidate) -> None:
        if self._is_repeated(candidate):
            return
        self.report.repaired += bool(candidate.record.repairs)
        keys = candidate.keys()
        if not keys.isdisjoint(self._keys):
            self._flush()  # It may be the same title as one of the batch, or clash with its items.
        self._keys |= keys
        self._batch.append(candidate)
        if len(self._batch) >= self._size:
            self._flush()

    def _is_repeated(self, candidate: Candidate) -> bool:
        """Reject a record whose number stands in this file already with another content: one of them is wrong.

        Taking the last would make a second load of the file change its titles back and forth.
        """
        values, record = candidate.values, candidate.record
        first = self._seen.setdefault(hash((values.source, values.control_number)), candidate.digest[:8])
        if first == candidate.digest[:8]:
            return False
        sentence = f"number {values.control_number} of {values.source} stands in this file before, with other content"
        self._reject(
            candidate.file,
            Rejected(
                record.position, values.control_number, "repeated_number", sentence, record.raw, record.form,
                record.encoding,
            ),
        )  # fmt: skip
        return True

    def _flush(self) -> None:
        batch, self._batch, self._keys = self._batch, [], set()
        if not batch:
            return
        seconds = self._write(batch)
        wanted = self._size * WRITING_SECONDS / max(seconds, 0.0005)
        self._size = int(min(_LARGEST, max(_SMALLEST, (self._size + wanted) / 2)))

    def _write(self, batch: list[Candidate], tries: int = _TRIES) -> float:
        """Write a batch; in halves where another load has just taken a number of it. Return the seconds of writing."""
        try:
            return self._writer.write(batch, clock())
        except IntegrityError:
            if len(batch) == 1 and tries == 1:
                raise
            middle = len(batch) // 2
            halves = [half for half in (batch[:middle], batch[middle:]) if half]
            left = tries - 1 if len(batch) == 1 else tries
            return max(self._write(half, left) for half in halves)


def load_files(
    paths: list[Path], options: LoadOptions, rejects: RejectFile, bar: Callable[[int], object]
) -> LoadReport:
    """Load files one after another. OSError when one cannot be read."""
    loader = Loader(options, rejects, bar, helper=True)
    try:
        with _rare_collection(), _small_mapping():
            for path in paths:
                with path.open("rb") as stream:
                    loader.load(path.name, stream)
    finally:
        loader.close()
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


@contextmanager
def _small_mapping() -> Iterator[None]:
    """Let SQLite map little of its file: a long load walks through all of it, and what is mapped counts as memory."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size")
        before: int = (cursor.fetchone() or (0,))[0]
        cursor.execute(f"PRAGMA mmap_size = {min(before, _MAPPED)}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA mmap_size = {before}")
