"""What a handler is: how a message is answered, and how it is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeVar

from shufang.branches.replies import Repeated
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import Reply
from shufang.sip2_server.asked import Answer, Asked

R = TypeVar("R")


class Way(Enum):
    """Where a handler runs: in a transaction that changes something, beside all transactions, or at once, without the database."""

    CHANGE = auto()
    QUERY = auto()
    HERE = auto()


@dataclass(frozen=True, slots=True)
class Handler(Generic[R]):
    """`answer` does it; `refuse` makes the reply that says no, with every required field.

    `acknowledge` answers a no-block request that was recorded so long ago that its reply has been erased.
    `card_and_pin` gives the card and the PIN that are checked before; None: the message carries no PIN. `has_item`:
    the message names an item, so that the log may not name its card. `reads_language`: `answer` learns the reader's
    language by itself; for the others it is looked up before, where nobody has chosen one. `sees_pin_version`: `answer`
    compares the version of the PIN under its locks, so that a PIN found right just now need not be looked at again.
    """

    way: Way
    answer: Callable[[R, Asked], Answer | Repeated]
    refuse: Callable[[R, Refusal, Asked], Reply]
    acknowledge: Callable[[R, Asked], Reply] | None = None
    card_and_pin: Callable[[R], tuple[str, str]] | None = None
    has_item: bool = False
    reads_language: bool = False
    sees_pin_version: bool = False


def refused(reply: Reply, refusal: Refusal) -> Answer:
    """Return the answer of a refusal."""
    return Answer(reply, code=refusal.code, is_refusal=True)
