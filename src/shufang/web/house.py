"""What every page knows: the network's name, the language and the hour."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from shufang import __version__

DAY_BEGINS, NIGHT_BEGINS = 6, 19  # local hours between which it is day


Note = Callable[[HttpRequest], str]
"""Says which template is to stand on a page; empty: none."""

_notes: list[tuple[str, Note]] = []


def register_note(place: Literal["above", "foot"], note: Note) -> None:
    """Let pages carry something that the web may not know of: above their content, or at their foot."""
    _notes.append((place, note))


def house(request: HttpRequest) -> dict[str, object]:
    """Give templates `network`, `today` (local), `is_night`, `version` and the registered notes. No query."""
    local = timezone.localtime()
    return {
        "network": network_name(),
        "today": local,
        "is_night": is_night(local),
        "version": __version__,
        "notes_above": _chosen("above", request),
        "notes_at_foot": _chosen("foot", request),
    }


def _chosen(place: str, request: HttpRequest) -> list[str]:
    return [template for where, note in _notes if where == place and (template := note(request))]


def network_name() -> str:
    """Return the network's name in the language of the page."""
    english = get_language() == "en"
    name: str = settings.SHUFANG_NAME_EN if english else settings.SHUFANG_NAME
    return name


def is_night(local: datetime) -> bool:
    """Return whether the lamps are lit: from 19 to 6 o'clock."""
    return not DAY_BEGINS <= local.hour < NIGHT_BEGINS
