"""What keeps the demonstration apart from real life: its accounts are found, its folder is marked."""

from pathlib import Path

from django.db import connection

from shufang.accounts.models import User
from shufang.branches.devices import check_device_password
from shufang.branches.models import Device, Library
from shufang.demo.network import PASSWORD, STAFF

MARK = "DEMONSTRATION.txt"


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
    """Say in the data folder what it holds. OSError when it cannot be written."""
    (folder / MARK).write_text(
        "This folder holds a demonstration of Shufang. Its people are invented; its accounts (password: demo) and PINs\n"
        "(135790) are known to everybody. Never put real readers into it.\n",
        encoding="utf-8",
    )


def is_real(folder: Path) -> bool:
    """Say whether there is a network already that is no demonstration, into which none may be put.

    May be asked before any migration has run: not even the tables of a real network are touched.
    """
    look = connection.introspection
    if (folder / MARK).exists() or Library not in look.installed_models(look.table_names()):
        return False
    return Library.objects.exists()
