"""What must be so before a server starts or a command begins; each function returns the sentences that say what is not."""

import socket
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from shufang.config.environment import unknown
from shufang.config.serving.database import database_problems, unreachable
from shufang.config.serving.key_check import key_problems
from shufang.demo.guard import demonstration_accounts
from shufang.money.providers.in_use import SIMULATOR, provider

_READY = frozenset(
    {"sip2", "run_jobs", "check_data", "clock", "search", "load_marc", "export_marc", "reindex"},
)
"""Commands that work with a database of this version. `serve` asks for itself, together with its ports."""
_REACHED = frozenset(
    {"upgrade", "backup", "restore", "demo"}
    | {"migrate", "showmigrations", "createsuperuser", "changepassword", "dumpdata", "loaddata", "flush"}
)
"""Commands that need a database that answers, of whatever version."""

_KEYED = frozenset({"upgrade", "migrate", "backup", "demo"})
"""Those of them that need its own keys too."""


def command_problems(command: str) -> list[str]:
    """Return why one of our commands, or of Django's, cannot begin its work."""
    if command in _REACHED:
        return unreachable() or (_of_other_keys(command) if command in _KEYED else [])
    if command not in _READY:
        return []
    return database_problems() or (account_problems() if command == "sip2" else [])


def _of_other_keys(command: str) -> list[str]:
    if command == "upgrade" and settings.SHUFANG_NEW_KEYS:
        return []
    try:
        return key_problems()
    except DatabaseError as error:
        return [f"The database cannot be opened: {str(error).strip()}."]


def command_warnings() -> list[str]:
    """Return what is odd and yet no reason to stop: settings that are none, data that others on this machine may read."""
    found = unknown()
    folder: Path = settings.SHUFANG_DATA
    if folder.is_dir() and folder.stat().st_mode & 0o001:
        for path in (settings.SHUFANG_KEYS_FILE, folder / "shufang.sqlite3"):
            if path.exists() and path.stat().st_mode & 0o007:
                found.append(f"Others on this machine may read {path}. Forbid it with: chmod o= {path}")
    return found


def same_port_problems(first: tuple[str, int, str], second: tuple[str, int, str]) -> list[str]:
    """Return why two addresses (host, port, name of the setting) cannot stand beside each other."""
    hosts = {first[0], second[0]}
    if not first[1] or first[1] != second[1] or (len(hosts) == 2 and not hosts & {"0.0.0.0", "::"}):  # noqa: S104
        return []
    return [f"{first[2]} and {second[2]} are both {first[1]}. Give one of them another port."]


def account_problems() -> list[str]:
    """Return which accounts of the demonstration stand in the way: their password is known to everybody."""
    names = demonstration_accounts()
    if not names:
        return []
    return [
        "These accounts are for demonstration and their passwords are known to everybody: "
        + ", ".join(names)
        + ". Change or disable them, or start the demonstration with: shufang demo"
    ]


def payment_problems() -> list[str]:
    """Return why the payment provider cannot be used: it is the simulator, or its class is not there."""
    named: str = settings.SHUFANG_PAYMENT_PROVIDER
    if named == SIMULATOR:
        return ["SHUFANG_PAYMENT_PROVIDER=simulator takes no money. It is for the demonstration: shufang demo"]
    try:
        provider()
    except Exception as error:  # noqa: BLE001  # a class of others, made for the first time
        return [f"SHUFANG_PAYMENT_PROVIDER={named!r} cannot be used: {error}."]
    return []


def port_problems(addresses: Sequence[tuple[str, int, str]]) -> list[str]:
    """Return which addresses (host, port, what for) cannot be listened on. Port 0 always can."""
    problems = []
    for host, port, purpose in addresses:
        try:
            listening(host, port).close()
        except OSError as error:
            problems.append(f"{purpose} cannot listen on {host}:{port}: {error.strerror or error}.")
    return problems


def listening(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address. OSError when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made
