"""What keeps the demonstration apart from real life: its accounts are found, its folder is marked."""

from pathlib import Path

from django.db import connection

from shufang.accounts.models import User
from shufang.audit import trail
from shufang.audit.models import Entry
from shufang.branches.devices import check_device_password
from shufang.branches.models import Device, Library
from shufang.catalogue.models import Title
from shufang.demo.network import PASSWORD, STAFF
from shufang.kernel import clock
from shufang.patrons.models import Patron

MARK = "DEMONSTRATION.txt"
_BEGUN = "demonstration_begun"
"""The action in the audit trail that says what a database holds; it can never be taken away."""

_REAL = (
    (Library, Library.objects),
    (User, User.objects),
    (Title, Title.objects),
    (Patron, Patron.objects),
    (Device, Device.objects),
)
"""Where rows are, somebody has begun with something real: a catalogue may be loaded before the first library is named."""


def demonstration_accounts() -> list[str]:
    """Return the enabled machines and named staff whose password is that of the demonstration; `serve` refuses them.

    One scrypt a machine (1.6 ms), one of Django's hashes for each of three names.
    """
    machines = Device.objects.filter(is_enabled=True).exclude(password_hash="").order_by("account")
    found = [
        f"SIP2 account {account}"
        for account in machines.values_list("account", flat=True)
        if check_device_password(account, PASSWORD) is not None
    ]
    staff = User.objects.filter(username__in=STAFF, is_active=True).order_by("username")
    return found + [f"staff account {user.username}" for user in staff if user.check_password(PASSWORD)]


def mark(folder: Path) -> None:
    """Say in the data folder and in the database what they hold. OSError when the folder cannot be written."""
    (folder / MARK).write_text(
        "This folder holds a demonstration of Shufang. Its people are invented; its accounts (password: demo) and PINs\n"
        "(135790) are known to everybody. Never put real readers into it.\n",
        encoding="utf-8",
    )
    if not _is_marked():
        trail.record(None, "", _BEGUN, "database", None, "", clock.now())


def is_real(folder: Path) -> bool:
    """Say whether the database holds something that is no demonstration, into which none may be put.

    That is a network, a catalogue, readers or staff of ours without the mark, or the tables of another program. The mark stands in the database
    itself, since one folder may be used with several servers' databases; an embedded one is also known by its folder's.
    May be asked before any migration has run: no table of a real network is touched.
    """
    tables = connection.introspection.table_names()
    ours = connection.introspection.installed_models(tables)
    if Library not in ours:
        return bool(tables)
    if _is_marked() or (connection.vendor == "sqlite" and (folder / MARK).exists()):
        return False
    return any(model in ours and rows.exists() for model, rows in _REAL)


def whose(folder: Path) -> str:
    """Name the database in use, without its password."""
    if connection.vendor == "sqlite":
        return f"The database of {folder}"
    told = connection.settings_dict
    return f"The database {told['NAME']} on {told['HOST'] or 'this machine'}"


def _is_marked() -> bool:
    return Entry.objects.filter(action=_BEGUN).exists()
