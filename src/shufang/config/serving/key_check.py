"""Whether the keys in use are those of the database: with others no PIN is right, and every try is counted."""

from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from shufang.config.models import KeyCheck

_ROW = 1


def record(using: str = "default") -> None:
    """Let the database know its keys, once; with SHUFANG_NEW_KEYS those of now."""
    if not _has_table(using):
        return
    rows = KeyCheck.objects.using(using)
    if settings.SHUFANG_NEW_KEYS:
        rows.update_or_create(id=_ROW, defaults={"value": settings.SHUFANG_KEY_CHECK})
    elif not rows.exists():
        rows.get_or_create(id=_ROW, defaults={"value": settings.SHUFANG_KEY_CHECK})


def key_problems() -> list[str]:
    """Return why these keys cannot be used with this database. It knows none before its first migration."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return []  # asking would make the file
    known = KeyCheck.objects.values_list("value", flat=True).first() if _has_table("default") else None
    if known in {None, settings.SHUFANG_KEY_CHECK}:
        return []
    sentence = (
        f"The keys in {settings.SHUFANG_KEYS_FILE} are not those of the database: no PIN would be right. Let SHUFANG_KEYS "
        "name the file that was used before, or bring it back from its copy (docs/operations.md)."
    )
    return [sentence]


def _has_table(using: str) -> bool:
    return KeyCheck._meta.db_table in connections[using].introspection.table_names()  # noqa: SLF001  # Django's public name
