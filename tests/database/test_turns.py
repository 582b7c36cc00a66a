"""Writers of all threads and processes queue fairly; a writer that dies lets the next one in."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from shufang.audit.models import Entry
from shufang.database.turns import Turn
from shufang.kernel.clock import now


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def write() -> None:
        turn = Turn(tmp_path / "db")
        for _ in range(50):
            turn.take()
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            turn.release()
        turn.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(most) == 200
    assert max(most) == 1


def test_waiting_writer_comes_before_the_saturated_one(tmp_path: Path) -> None:
    """A writer that asks once gets in although another takes turn after turn without a pause."""
    stop = threading.Event()
    turns_of_the_busy_one = 0

    def busy() -> None:
        nonlocal turns_of_the_busy_one
        turn = Turn(tmp_path / "db")
        while not stop.is_set():
            turn.take()
            time.sleep(0.001)
            turns_of_the_busy_one += 1
            turn.release()
        turn.close()

    thread = threading.Thread(target=busy)
    thread.start()
    while turns_of_the_busy_one < 5:
        time.sleep(0.001)
    mine = Turn(tmp_path / "db")
    overtaken = []
    for _ in range(20):
        before = turns_of_the_busy_one
        mine.take()
        overtaken.append(turns_of_the_busy_one - before)
        mine.release()
    stop.set()
    thread.join(10)
    mine.close()
    assert sorted(overtaken)[10] <= 3


def test_a_dead_writer_lets_the_next_one_in(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys; from shufang.database.turns import Turn; "
        "Turn(pathlib.Path(sys.argv[1])).take(); os._exit(7)"
    )
    dead = subprocess.run([sys.executable, "-c", code, str(tmp_path / "db")], check=False)
    turn = Turn(tmp_path / "db")
    turn.take()
    turn.close()
    assert dead.returncode == 7


def _entry(action: str) -> Entry:
    return Entry(at=now(), action=action, subject_kind="test")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_gives_the_turn_back() -> None:
    def fail() -> None:
        with transaction.atomic():
            _entry("lost").save()
            raise ValueError("by purpose")

    with pytest.raises(ValueError, match="by purpose"):
        fail()
    written = threading.Event()

    def write() -> None:
        with transaction.atomic():
            _entry("kept").save()
        _entry("alone").save()
        written.set()
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(20)
    assert written.is_set()
    assert sorted(Entry.objects.values_list("action", flat=True)) == ["alone", "kept"]


@pytest.mark.django_db(transaction=True)
def test_append_only_rows_cannot_be_changed() -> None:
    _entry("seen").save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(action="unseen")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.get().action == "seen"
