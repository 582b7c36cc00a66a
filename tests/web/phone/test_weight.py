"""What the reader's first page weighs: under 100 kB of JavaScript and 40 kB of styles, compressed, with all they load."""

import gzip
import re
from collections.abc import Callable
from posixpath import dirname, join, normpath
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

SCRIPTS, STYLES = 100_000, 40_000
_LINK = re.compile(r"<link\b[^>]*>|<script\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(href|src|rel|type)="([^"]*)"')
_IMPORT = re.compile(r'^\s*import\b[^;]*?["\'](\.[^"\']+)["\']', re.MULTILINE)
_STYLE_IMPORT = re.compile(r'@import\s+(?:url\()?["\']?([^"\')]+)')


def linked(page: str) -> tuple[set[str], set[str]]:
    """Return the addresses of the scripts and of the style sheets that a page names."""
    scripts, styles = set(), set()
    for tag in _LINK.findall(page):
        said = dict(_ATTRIBUTE.findall(tag))
        if tag.startswith("<script"):
            scripts.add(said["src"])
        elif said.get("rel") == "modulepreload":
            scripts.add(said["href"])
        elif said.get("rel") == "stylesheet":
            styles.add(said["href"])
    return scripts, styles


def content(address: str, client: Client) -> bytes:
    path = urlsplit(address).path
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        assert isinstance(found, str), address
        with open(found, "rb") as file:  # noqa: PTH123
            return file.read()
    answer = client.get(path)
    assert answer.status_code == 200, address
    return bytes(answer.content)


def with_imports(addresses: set[str], client: Client, pattern: re.Pattern[str]) -> dict[str, bytes]:
    """Return the files of these addresses and of all that they import, by address."""
    found: dict[str, bytes] = {}
    waiting = sorted(addresses)
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        found[address] = content(address, client)
        for other in pattern.findall(found[address].decode()):
            waiting.append(normpath(join(dirname(address), other)))
    return found


def weigh(files: dict[str, bytes]) -> int:
    return sum(len(gzip.compress(file, 9)) for file in files.values())


@pytest.mark.parametrize("path", ["/", "/me/card/", "/me/loans/", "/here/"])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_page_with_all_that_it_loads_is_light(
    as_reader: Callable[..., Client], path: str, *, is_signed_in: bool
) -> None:
    client = as_reader("D0000002") if is_signed_in else Client()
    answer = client.get(path, follow=True)
    scripts, styles = linked(answer.content.decode())
    assert any(address.endswith("offline.js") for address in scripts)
    assert any(address.endswith("shufang.css") for address in styles)
    loaded = with_imports(scripts | {"/service-worker.js"}, client, _IMPORT)
    assert weigh(loaded) < SCRIPTS, sorted(loaded)
    sheets = with_imports(styles, client, _STYLE_IMPORT)
    assert weigh(sheets) < STYLES, sorted(sheets)


def test_imports_are_counted_too(as_reader: Callable[..., Client]) -> None:
    """Without the pages' preloading, what card.js imports would be loaded all the same."""
    loaded = with_imports({"/static/web/js/card.js"}, Client(), _IMPORT)
    assert {address.rpartition("/")[2] for address in loaded} == {
        "card.js",
        "card_key.js",
        "phone_code.js",
        "lean-qr-2.7.4.min.js",
    }
    assert weigh(loaded) > 5_000
