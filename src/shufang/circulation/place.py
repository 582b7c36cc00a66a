"""Where, by what and by whom a verb is done: facts that a face knows and passes on."""

from dataclasses import dataclass

from shufang.patrons.pin_check import PinCheck

__all__ = ["PinCheck", "Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """A branch, and the device or member of staff at it. `is_attended`: staff stand there and can shelve at once."""

    branch_id: int
    device_id: int | None = None
    user_id: int | None = None
    is_attended: bool = True
