"""Where a request comes from: the address that limits go by, and what the browser calls itself."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

from shufang.kernel.identifiers import keyed_hash

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def address_key(request: HttpRequest) -> str:
    """Return `address:…`, a keyed hash of the visitor's address (of IPv6 the first 64 bits, which are one household).

    Behind a proxy the server has put the visitor's own address in its place; nobody else's word is taken for it.
    """
    text = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        known = text
    else:
        known = str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
    return f"address:{keyed_hash(settings.SHUFANG_PIN_KEY, b'address', known.encode()).hex()[:40]}"


def browser_name(request: HttpRequest) -> str:
    """Return what a person calls his browser (Chrome, Android), without version or model; empty when it says nothing known."""
    agent = request.headers.get("User-Agent", "")
    found = [next((name for sign, name in table if re.search(sign, agent)), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name)
