"""Money arithmetic in `Decimal`, two places, never float. Amounts are in the network's currency (yuan by default)."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("999999.99")


def amount(value: Decimal | int | str) -> Decimal:
    """Return `value` rounded half up to cents. ValueError when it is no finite number or above LARGEST."""
    try:
        result = Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)
    except InvalidOperation as error:
        raise ValueError(f"not an amount of money: {value!r}") from error
    if not result.is_finite() or abs(result) > LARGEST:
        raise ValueError(f"not an amount of money: {value!r}")
    return result
