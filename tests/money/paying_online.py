"""What tests of online payments share: a reader who owes, an order, and the simulator's word about it."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection

from shufang.branches.models import Library
from shufang.config.invariants.money import INVARIANTS
from shufang.money.charges import raise_charge
from shufang.money.models import Charge, OnlinePayment
from shufang.money.online import ConfirmPayment, PaymentStarted, StartPayment, confirm_payment, start_payment
from shufang.money.providers import simulator
from shufang.money.providers.interface import Order
from tests.circulation.readers import DAY, NOW, ZHANG, patron

MINUTE = timedelta(minutes=1)
CHARGES, DEPOSIT = OnlinePayment.Purpose.CHARGES, OnlinePayment.Purpose.DEPOSIT
Status = OnlinePayment.Status


def owes(value: str, *, number: str = ZHANG, days: int = 0) -> int:
    """Charge a reader; return the charge."""
    library = Library.objects.get(code="DX").pk
    made = raise_charge(patron(number).pk, library, Charge.Kind.OVERDUE, Decimal(value), NOW + days * DAY)
    assert made is not None
    return made


def wish(number: str = ZHANG, purpose: OnlinePayment.Purpose = CHARGES, amount: Decimal | None = None) -> StartPayment:
    """Return a reader's wish to pay; all that he owes without an amount."""
    return StartPayment(number, purpose, "http://t/payments/{reference}/", "http://t/back/{provider}/", amount)


def started(number: str = ZHANG, **details: object) -> PaymentStarted:
    """Start a payment; return the order."""
    done = start_payment(wish(number, **details), NOW)  # type: ignore[arg-type]  # the fields of wish by name
    assert isinstance(done, PaymentStarted), done
    return done


def order(done: PaymentStarted, amount: str = "") -> Order:
    """Return what the simulator knows of an order; `amount` instead of its own."""
    return Order(done.reference, Decimal(amount) if amount else done.amount, "charges", "http://t/", "http://t/")


def told(
    done: PaymentStarted, *, is_paid: bool = True, attempt: int = 1, amount: str = "", later: timedelta = MINUTE
) -> str:
    """Let the simulator call back; return the code of what became of it."""
    body, headers = simulator.call_back(order(done, amount), is_paid=is_paid, attempt=attempt)
    return confirm_payment(ConfirmPayment("simulator", body, headers), NOW + later).code


def adds_up() -> bool:
    """Hold the money's tables to their rules."""
    for rule in INVARIANTS:
        with connection.cursor() as cursor:
            cursor.execute(rule.sql)
            assert not cursor.fetchall(), rule.name
    return True
