"""A rendered notice: lives in memory only, between rendering and handing over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """`to` is an address of the channel (an e-mail address, a phone number)."""

    to: str
    subject: str
    body: str
    language: str
