"""What a payment provider does for us, whoever it is. Money is counted by its signed call-back, never by a redirect."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from shufang.kernel.refusal import Refusal


class ProviderError(Exception):
    """The provider cannot be reached or answers nonsense; nothing is known about the money."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. `return_url`: where the provider sends the reader back; `callback_url`: where it tells us."""

    reference: str
    amount: Decimal
    purpose: str
    return_url: str
    callback_url: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says about one order. `provider_reference` is its own number for this money."""

    reference: str
    provider_reference: str
    is_paid: bool
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider wants to read so that it stops calling back (or goes on, while we have not taken it)."""

    status: int
    content_type: str
    body: bytes


class PaymentProvider(Protocol):
    """One provider. Its methods make no query and open no transaction; `start`, `ask` and `refund` may use the network."""

    @property
    def code(self) -> str:
        """A short stable name, at most 20 letters; the scope of its references and the method of its payments."""

    @property
    def name(self) -> str:
        """What Chinese pages call it."""

    @property
    def name_en(self) -> str:
        """What English pages call it."""

    def start(self, order: Order) -> str:
        """Register an order; return the address of the page to pay on, or the text of a QR code. ProviderError."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> Report | Refusal:
        """Verify and read a call-back. Refuses signature_wrong, callback_invalid."""

    def ask(self, reference: str) -> Report | None:
        """Ask what became of an order of which no call-back came; None: not decided. ProviderError."""

    def refund(self, reference: str, provider_reference: str, amount: Decimal, key: str) -> None:
        """Send money of an order back by the way it came, once however often the same `key` is asked for. ProviderError."""

    def answer(self, *, is_taken: bool) -> Answer:
        """Return what to answer to a call-back that was taken, or that it should bring again."""
