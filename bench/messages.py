"""Prepared SIP2 messages of the terminals, as bytes with a checksum; nothing is computed while the clock runs."""

import time

from bench.fill import PIN
from bench.scratch import ITEMS_A_PATRON


def sealed(body: str, sequence: int) -> bytes:
    """Return the message with AY, AZ and CR."""
    data = f"{body}AY{sequence % 10}AZ".encode()
    return data + f"{-sum(data) & 0xFFFF:04X}\r".encode()


def login(account: str = "gmd-1", password: str = "demo") -> bytes:
    """Return message 93."""
    return sealed(f"9300CN{account}|CO{password}|", 0)


def _date() -> str:
    return time.strftime("%Y%m%d    %H%M%S")


def patron_status(patron: int) -> bytes:
    """Return message 23 with the PIN, with which a visit begins."""
    return sealed(f"23001{_date()}AODX|AAB{patron:07}|AC|AD{PIN}|", 1)


def checkout(number: int, sequence: int) -> bytes:
    """Return message 11 for item `number` to its patron, with the PIN."""
    patron = number // ITEMS_A_PATRON
    date = _date()
    return sealed(f"11YN{date}{date}AODX|AAB{patron:07}|ABBX{number:08}|AC|AD{PIN}|", sequence)


def visits(first: int, count: int, connections: int) -> tuple[list[list[bytes]], list[list[bytes]]]:
    """Return for each connection the messages that open its visits (23) and the checkouts, `count` in all."""
    opening: list[list[bytes]] = [[] for _ in range(connections)]
    timed: list[list[bytes]] = [[] for _ in range(connections)]
    for number in range(first, first + count):
        patron = number // ITEMS_A_PATRON
        mine = patron % connections
        if number % ITEMS_A_PATRON == 0 or number == first:
            opening[mine].append(patron_status(patron))
        timed[mine].append(checkout(number, 2 + len(timed[mine])))
    return opening, timed
