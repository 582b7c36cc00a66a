"""Who a machine is: its account and password, the addresses it may call from, the address that needs no login."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from shufang.branches.models import Device
from shufang.kernel.password import RightOnes, hash_secret, is_right

_right = RightOnes(4096)


def hash_password(password: str) -> str:
    """Return what `Device.password_hash` keeps. ValueError for an empty password."""
    return hash_secret(password.encode())


def check_device_password(account: str, password: str) -> Device | None:
    """Return the enabled device of this account (with its branch and library) when the password is right.

    An empty password is never right. An unknown account costs the same time. The second check of the same password
    costs no scrypt; a changed hash is another one. One query.
    """
    device = Device.objects.select_related("branch__library").filter(account=account).first()
    stored = device.password_hash if device else ""
    given = password.encode(errors="surrogatepass")
    known = bool(given) and _right.knows(stored.encode(), given)
    if not known and not is_right(given, stored):
        return None
    if not known:
        _right.remember(stored.encode(), given)
    return device if device and device.is_enabled and device.branch.is_enabled else None


def may_call_from(device: Device, address: str) -> bool:
    """Say whether this device may connect from an IP address."""
    return is_allowed(device.allowed_addresses, address)


def is_allowed(allowed_addresses: str, address: str) -> bool:
    """Say whether `Device.allowed_addresses` lets an IP address in; without allowed addresses any may.

    Where the addresses cannot be read (the admin does not let them in) it may from none.
    """
    try:
        networks = allowed_networks(allowed_addresses)
    except ValueError:
        return False
    return not networks or _stands_in(address, networks)


def bound_device(address: str) -> Device | None:
    """Return the enabled device that is bound to exactly this address, for terminals that never log in. One query."""
    bound = Device.objects.select_related("branch__library").filter(
        is_bound=True, is_enabled=True, branch__is_enabled=True
    )
    found = [device for device in bound if _is_single(device.allowed_addresses, address)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def allowed_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks of `Device.allowed_addresses`. ValueError names the part that is none."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    networks: list[IPv4Network | IPv6Network] = []
    for part in parts:
        try:
            networks.append(ip_network(part, strict=False))
        except ValueError as error:
            raise ValueError(f"{part!r} is no address or network") from error
    return tuple(networks)


def _is_single(text: str, address: str) -> bool:
    try:
        networks = allowed_networks(text)
    except ValueError:
        return False
    return len(networks) == 1 and networks[0].num_addresses == 1 and _stands_in(address, networks)


def _stands_in(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        found = _plain(ip_address(address.split("%", maxsplit=1)[0]))
    except ValueError:
        return False
    return any(found.version == network.version and found in network for network in networks)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 socket shows as ::ffff:a.b.c.d."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
