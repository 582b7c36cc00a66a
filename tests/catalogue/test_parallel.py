"""Two processes prepare records; they come in the order of the file, also when one of them is killed."""

import io
import os
import signal
from collections.abc import Iterator

import pytest

from shufang.catalogue.loading import parallel
from shufang.catalogue.loading.candidates import Candidate, Rejected
from shufang.catalogue.loading.parallel import CHUNK, LONG, Helper, prepared
from shufang.catalogue.loading.preparing import Preparer
from shufang.catalogue.loading.profiles import AUTOMATIC, read_profile
from shufang.marc.iso2709 import Reading
from shufang.marc.reading import read_units
from tests.catalogue.records import book

COUNT = LONG + 40 * CHUNK
PREPARER = Preparer(Reading(), {dialect: read_profile(name) for dialect, name in AUTOMATIC.items()})

pytestmark = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one processor only")


@pytest.fixture
def helper() -> Iterator[Helper]:
    one = Helper(PREPARER)
    yield one
    one.close()


@pytest.fixture(scope="module")
def content() -> bytes:
    """Many records, every hundredth of them broken."""
    records = [book(str(number), f"书{number}").raw for number in range(COUNT)]
    records[::100] = [b"rubbish\x1d"] * len(records[::100])
    return b"".join(records)


def expected() -> list[str]:
    return ["not_a_record" if number % 100 == 0 else str(number) for number in range(COUNT)]


def told(each: Candidate | Rejected) -> str:
    return each.reason if isinstance(each, Rejected) else each.values.control_number


def wait_until_warm(helper: Helper) -> None:
    helper.start()
    assert helper._warm is not None
    helper._warm.result(timeout=60)


def test_the_order_of_the_file_is_kept(helper: Helper, content: bytes) -> None:
    wait_until_warm(helper)
    units = read_units(io.BytesIO(content), PREPARER.reading)
    found = [told(each) for chunk in prepared(units, "file", PREPARER, helper) for each in chunk]
    assert found == expected()


def test_nothing_is_lost_when_the_second_process_is_killed(helper: Helper, content: bytes) -> None:
    wait_until_warm(helper)
    found: list[str] = []
    units = read_units(io.BytesIO(content), PREPARER.reading)
    for chunk in prepared(units, "file", PREPARER, helper):
        found += map(told, chunk)
        if len(found) == 10 * CHUNK:
            assert helper._pool is not None
            for pid in helper._pool._processes:
                os.kill(pid, signal.SIGKILL)
    assert found == expected()


def test_a_short_load_starts_no_process(helper: Helper, content: bytes) -> None:
    units = read_units(io.BytesIO(content[:20_000]), PREPARER.reading)
    assert sum(len(chunk) for chunk in prepared(units, "file", PREPARER, helper)) > 50
    assert helper._pool is None


class Counting(Helper):
    """Counts the records that it is given."""

    given = 0

    def give(self, file: str, task: parallel._Task) -> None:
        super().give(file, task)
        self.given += len(task.units)


def test_the_other_process_does_some_of_the_work(content: bytes) -> None:
    helper = Counting(PREPARER)
    wait_until_warm(helper)
    list(prepared(read_units(io.BytesIO(content), PREPARER.reading), "file", PREPARER, helper))
    helper.close()
    assert helper.given >= 3 * CHUNK
