"""What every page knows: the network's name, the language and the hour."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from shufang import __version__

DAY_BEGINS, NIGHT_BEGINS = 6, 19  # local hours between which it is day


def house(_request: HttpRequest) -> dict[str, object]:
    """Give templates `network`, `today` (local), `is_night` and `version`. No query."""
    local = timezone.localtime()
    return {"network": network_name(), "today": local, "is_night": is_night(local), "version": __version__}


def network_name() -> str:
    """Return the network's name in the language of the page."""
    english = get_language() == "en"
    name: str = settings.SHUFANG_NAME_EN if english else settings.SHUFANG_NAME
    return name


def is_night(local: datetime) -> bool:
    """Return whether the lamps are lit: from 19 to 6 o'clock."""
    return not DAY_BEGINS <= local.hour < NIGHT_BEGINS
