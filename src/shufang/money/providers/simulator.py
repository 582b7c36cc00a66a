"""A provider that takes no money: its page (web/simulators/payment.py) lets one choose what becomes of an order.

It signs its call-backs as a real provider does: HMAC-SHA256 over the body, in the header `X-Simulator-Signature`.
"""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from urllib.parse import quote, urlsplit

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from shufang.kernel.refusal import Refusal
from shufang.money.providers.interface import Answer, Order, Report

SIGNATURE = "X-Simulator-Signature"
PATH = "/simulators/payment/"
_SALT = "shufang.money.providers.simulator"


class Simulator:
    """See above. It remembers nothing: its order travels, signed, in the address of its page."""

    code = "simulator"
    name = "支付模拟器"
    name_en = "Payment simulator"

    def start(self, order: Order) -> str:
        """Return the address of the simulator's page for this order."""
        site = urlsplit(order.return_url)
        told = {
            "reference": order.reference,
            "amount": str(order.amount),
            "purpose": order.purpose,
            "return_url": order.return_url,
            "callback_url": order.callback_url,
        }
        return f"{site.scheme}://{site.netloc}{PATH}?order={quote(signing.dumps(told, salt=_SALT, compress=True))}"

    def read(self, body: bytes, headers: Mapping[str, str]) -> Report | Refusal:
        """Verify and read a call-back of the simulator."""
        if not constant_time_compare(headers.get(SIGNATURE, ""), signature(body)):
            return Refusal("signature_wrong")
        try:
            said = json.loads(body)
            amount = Decimal(str(said["amount"]))
            if not amount.is_finite() or said["state"] not in {"paid", "declined"}:
                return Refusal("callback_invalid")
            return Report(str(said["order"]), str(said["transaction"]), said["state"] == "paid", amount)
        except (ValueError, KeyError, TypeError, InvalidOperation):
            return Refusal("callback_invalid")

    def ask(self, reference: str) -> Report | None:  # noqa: ARG002  # the simulator remembers nothing
        """Return None: whatever was not told by a call-back is not decided."""
        return None

    def refund(self, reference: str, provider_reference: str, amount: Decimal, key: str) -> None:
        """Do nothing: it took no money."""

    def answer(self, *, is_taken: bool) -> Answer:
        """Return what the simulator understands."""
        return Answer(200 if is_taken else 409, "application/json", json.dumps({"taken": is_taken}).encode())


def order_of(text: str) -> Order | None:
    """Return the order that an address of the simulator's page carries; None for one that we did not sign."""
    try:
        told = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    return Order(told["reference"], Decimal(told["amount"]), told["purpose"], told["return_url"], told["callback_url"])


def call_back(order: Order, *, is_paid: bool, attempt: int = 1) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a call-back about an order; each `attempt` to pay has a number of its own."""
    said = {
        "order": order.reference,
        "transaction": f"SIM{sha256(f'{order.reference}/{attempt}'.encode()).hexdigest()[:24].upper()}",
        "state": "paid" if is_paid else "declined",
        "amount": str(order.amount),
    }
    body = json.dumps(said).encode()
    return body, {SIGNATURE: signature(body)}


def signature(body: bytes) -> str:
    """Return the signature of a body by the key that the simulator shares with us."""
    return salted_hmac(_SALT, body, algorithm="sha256").hexdigest()
