"""Settings from environment variables, each with its meaning; a wrong value is a plain sentence. See docs/settings.md."""

import os
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_address as parsed_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Value = TypeVar("Value")

READ: dict[str, tuple[str, object]] = {}
"""Every variable that was read: its text (empty: not set) and its default."""

_SECRET = frozenset({"DATABASE_URL", "SHUFANG_MAIL_URL", "SHUFANG_CARD_CENTRE_KEY"})


class WrongSettingError(SystemExit):
    """A setting that cannot be used; ends the program with status 2 and one sentence on standard error."""

    def __init__(self, sentence: str) -> None:
        super().__init__(2)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


def read(name: str, default: Value, turn: Callable[[str], Value], environ: Mapping[str, str] = os.environ) -> Value:
    """Return the variable `name` turned by `turn`, or `default` when unset or empty. WrongSettingError says what is wrong."""
    text = environ.get(name, "").strip()
    READ[name] = (text, default)
    if not text:
        return default
    try:
        return turn(text)
    except ValueError as error:
        shown = "" if is_secret(name) else f"={text!r}"
        raise WrongSettingError(f"{name}{shown} cannot be used: {error}.") from error


def is_set(name: str) -> bool:
    """Return whether the variable has been read and has a value of its own."""
    return bool(READ[name][0])


def unknown(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return a sentence for each SHUFANG_ variable that nobody has read, with the nearest that is; tests have theirs."""
    sentences = []
    for name in sorted(environ):
        if (
            name.startswith("SHUFANG_")
            and name not in READ
            and not name.startswith(("SHUFANG_TEST_", "SHUFANG_BENCH_"))
        ):
            near = get_close_matches(name, READ, 1)
            sentences.append(f"{name} is no setting." + (f" Is {near[0]} meant?" if near else ""))
    return sentences


def is_secret(name: str) -> bool:
    """Return whether the variable may hold a password."""
    return name in _SECRET


def address(text: str) -> str:
    """Turn the address of a service, `https://host:port` (`http://` on this machine only), without the slash at its end."""
    url = urlsplit(text)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise ValueError("write http:// or https://, then host and port")
    if url.scheme == "http" and url.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("write https://; http:// is for a service on this very machine")
    return text.rstrip("/")


def secret(least: int) -> Callable[[str], str]:
    """Return a turner for secrets of at least so many signs."""

    def turn(text: str) -> str:
        if len(text) < least:
            raise ValueError(f"it needs at least {least} signs")
        return text

    return turn


def boolean(text: str) -> bool:
    """Turn 1/true/yes/on and 0/false/no/off."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write 1 or 0")


def port(text: str) -> int:
    """Turn a TCP port, 0 (any free one) to 65535."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise ValueError("a port is a number from 0 to 65535")
    return int(text)


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return a turner for whole numbers from `least` to `most`."""

    def turn(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(text)

    return turn


def words(text: str) -> list[str]:
    """Turn a list separated by commas, of one word at least."""
    found = [word.strip() for word in text.split(",") if word.strip()]
    if not found:
        raise ValueError("it names nothing")
    return found


def origins(text: str) -> list[str]:
    """Turn a list of origins, `https://name` or `https://name:port`, `*.` before a name allowed."""
    for word in words(text):
        url = urlsplit(word)
        if url.scheme not in {"http", "https"} or not url.hostname or url.path or url.query or url.fragment:
            raise ValueError(f"{word} is no origin; write https:// and the name, without anything after it")
    return words(text)


def ip_address(text: str) -> str:
    """Turn an IP address."""
    try:
        return str(parsed_address(text))
    except ValueError as error:
        raise ValueError("write an IP address, as 127.0.0.1") from error


def mail_address(text: str) -> str:
    """Turn a sender, `name@host` or `Words <name@host>`."""
    name, at, host = parseaddr(text)[1].rpartition("@")
    if not (name and at and host) or any(sign.isspace() for sign in name + host):
        raise ValueError("write an address, as library@example.org")
    return text


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a turner that takes one of `choices`."""

    def turn(text: str) -> str:
        if text not in choices:
            raise ValueError("write one of " + ", ".join(choices))
        return text

    return turn


def time_zone(text: str) -> str:
    """Turn the name of a time zone of the IANA database."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no time zone has this name; Asia/Shanghai is one") from error
    return text


def folder(text: str) -> Path:
    """Turn a folder's path; it need not exist yet, but must not be a file."""
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ValueError("this is a file, not a folder")
    return path


def makeable_folder(text: str) -> Path:
    """Turn a folder's path; one that does not exist yet must be one that can be made, which is tried."""
    path = folder(text)
    if not path.exists():
        nearest = next(parent for parent in path.parents if parent.exists())
        try:
            with TemporaryDirectory(prefix=".shufang-", dir=nearest):
                pass
        except OSError as error:
            raise ValueError(f"it is not there and cannot be made in {nearest}") from error
    return path


def file(text: str) -> Path:
    """Turn the path of a file that exists."""
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise ValueError("there is no such file")
    return path


def postgresql(text: str) -> dict[str, object]:
    """Turn `postgresql://user:password@host:port/name?sslmode=…` into Django's connection settings."""
    url = urlsplit(text)
    if url.scheme not in {"postgresql", "postgres"}:
        raise ValueError("it begins with postgresql://; without it the embedded SQLite database is used")
    name = unquote(url.path.lstrip("/"))
    if not name:
        raise ValueError("the database's name is missing after the last /")
    return {
        "NAME": name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "options": dict(parse_qsl(url.query)),
    }


def mail(text: str) -> dict[str, object]:
    """Turn `smtp://user:password@host:port` (or `smtps://`, `smtp+starttls://`) into Django's mail settings."""
    url = urlsplit(text)
    if url.scheme not in {"smtp", "smtps", "smtp+starttls"} or not url.hostname:
        raise ValueError("write smtp://, smtps:// or smtp+starttls://, then user:password@host:port")
    return {
        "host": url.hostname,
        "port": url.port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[url.scheme],
        "user": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "ssl": url.scheme == "smtps",
        "starttls": url.scheme == "smtp+starttls",
    }
