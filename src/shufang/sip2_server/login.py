"""Who is calling: by account and password (93), or by the address that an account is bound to."""

from shufang.branches.devices import bound_device, check_device_password, may_call_from
from shufang.sip2.requests import LoginRequest
from shufang.sip2_server.terminal import Terminal, terminal_of

PLAIN_TEXT = "0"


def log_in(request: LoginRequest, address: str) -> Terminal | None:
    """Return the terminal; None for a wrong account or password, an address it may not call from, or encrypted words."""
    if request.user_algorithm != PLAIN_TEXT or request.password_algorithm != PLAIN_TEXT:
        return None
    device = check_device_password(request.account, request.password)
    if device is None or not may_call_from(device, address):
        return None
    return terminal_of(device)


def recognise(address: str) -> Terminal | None:
    """Return the terminal that is bound to this address and never logs in."""
    device = bound_device(address)
    return terminal_of(device) if device is not None else None
