"""What came of a PIN, for the verbs: faces ask, before any transaction, and pass it on as a fact."""

from enum import StrEnum


class PinCheck(StrEnum):
    """What the face found about the PIN, before any transaction."""

    NOT_ASKED = "not_asked"
    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
