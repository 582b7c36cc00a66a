"""What the codec declares: nothing but `DecodingError` comes out of reading bytes."""

from enum import StrEnum


class Fault(StrEnum):
    """Why bytes are no message."""

    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    UNKNOWN_CODE = "unknown_code"
    BAD_CHECKSUM = "bad_checksum"
    FIXED_PART = "fixed_part"


class DecodingError(ValueError):
    """Bytes that are no SIP2 message; `fault` says why. Never holds the bytes, which may be secret."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"not a SIP2 message: {fault.value}")
        self.fault = fault
