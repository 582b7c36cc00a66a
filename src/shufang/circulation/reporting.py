"""Putting what a no-block request contradicts before staff, with an event of its own where nothing else is recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.backends.utils import CursorWrapper

from shufang.circulation import no_block
from shufang.circulation.conflicts import record_conflict
from shufang.circulation.place import Place
from shufang.circulation.queries import recording
from shufang.circulation.queries.recording import NewEvent


class Told(Protocol):
    """A command of a terminal."""

    @property
    def barcode(self) -> str:
        """What the terminal read."""

    @property
    def place(self) -> Place:
        """Where it stands."""


@dataclass(frozen=True, slots=True)
class Report:
    """The rows that were written; `event_id` 0 where the verb writes the event."""

    conflict_id: int
    event_id: int


def report(
    cursor: CursorWrapper,
    verb: str,
    code: str,
    command: Told,
    happened_at: datetime,
    now: datetime,
    item_id: int | None,
    title_id: int | None,
    *,
    is_event: bool = True,
) -> Report:
    """Write a conflict, and (`is_event`) the event "VERB_reported", which moves nothing."""
    card_number = str(getattr(command, "card_number", ""))
    conflict_id = record_conflict(
        verb, code, command.place, happened_at, now, card_number=card_number, barcode=command.barcode
    )
    if not is_event:
        return Report(conflict_id, 0)
    event = NewEvent(
        f"{verb}_reported",
        command.place,
        item_id,
        title_id,
        None,
        None,
        None,
        "",
        f"{code} conflict={conflict_id}{no_block.mark(happened_at)}",
    )
    return Report(conflict_id, recording.write(cursor, (), event, now))
