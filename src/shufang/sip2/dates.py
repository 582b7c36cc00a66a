"""Dates of SIP2: `YYYYMMDDZZZZHHMMSS`, where ZZZZ is four blanks (local), `   Z` (UTC) or `   H` (UTC+8)."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

BLANK = " " * 18
_EIGHT_HOURS_EAST = timezone(timedelta(hours=8))


def write(at: datetime, zone: tzinfo) -> str:
    """Return an aware moment as the local time of `zone`, 18 characters."""
    local = at.astimezone(zone)
    return f"{local.year:04}{local.month:02}{local.day:02}    {local.hour:02}{local.minute:02}{local.second:02}"


def read(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment, aware; None when `text` is blank or no date of SIP2 (terminals send zeros and nonsense)."""
    match text[8:12]:
        case "    ":
            of = zone
        case "   Z":
            of = UTC
        case "   H":
            of = _EIGHT_HOURS_EAST
        case _:
            return None
    digits = text[:8] + text[12:18]
    if len(digits) != 14 or not digits.isascii() or not digits.isdigit():
        return None
    try:
        return datetime(
            int(digits[:4]),
            int(digits[4:6]),
            int(digits[6:8]),
            int(digits[8:10]),
            int(digits[10:12]),
            int(digits[12:14]),
            tzinfo=of,
        )
    except ValueError:
        return None
