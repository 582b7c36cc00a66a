"""The ways by which a notice leaves the house. A channel hands one message over and says truly how that went.

To add one: a class like `email_channel.EmailChannel` and a line in CHANNELS; docs/reader_app.md goes through it.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from shufang.notices.email_channel import EmailChannel
from shufang.notices.message import Message
from shufang.patrons.models import Patron


class Channel(Protocol):
    """One session with a server. `open` raises ChannelDownError, `send` one of the errors of notices.errors."""

    def label(self) -> str:
        """Return what readers call it, in the page's language."""
        ...

    def contact_of(self, patron: Patron) -> str:
        """Return the address to which it brings a reader's messages; empty: he has none."""
        ...

    def is_set_up(self) -> bool:
        """Say whether the settings name a server at all."""
        ...

    def open(self) -> None:
        """Connect and log in."""
        ...

    def send(self, message: Message, notice_id: int) -> None:
        """Hand one message over; returning means that the server has taken it."""
        ...

    def close(self) -> None:
        """Hang up; never fails."""
        ...


CHANNELS: Mapping[str, Callable[[], Channel]] = {"email": EmailChannel}
