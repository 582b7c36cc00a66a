"""The local day of a moment, in the network's time zone, whatever a web request has chosen for itself."""

from datetime import date, datetime, tzinfo

from django.utils import timezone


def zone() -> tzinfo:
    """Return the network's time zone."""
    return timezone.get_default_timezone()


def local_day(at: datetime) -> date:
    """Return the local day of an aware time."""
    return at.astimezone(timezone.get_default_timezone()).date()
