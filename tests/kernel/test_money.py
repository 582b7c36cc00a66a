"""Money is rounded half up to cents and never infinite."""

from decimal import Decimal

import pytest

from shufang.kernel.money import LARGEST, amount


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.005", "0.01"),
        ("0.004", "0.00"),
        (3, "3.00"),
        ("-1.005", "-1.01"),
        ("999999.99", "999999.99"),
        ("1e2", "100.00"),
    ],
)
def test_amount(value: str | int, expected: str) -> None:
    assert amount(value) == Decimal(expected)
    assert amount(value).as_tuple().exponent == -2


@pytest.mark.parametrize("value", ["", "x", "NaN", "Infinity", "-Infinity", "1000000", "1e400", "12,00"])
def test_no_amount(value: str) -> None:
    with pytest.raises(ValueError, match="not an amount of money"):
        amount(value)


def test_largest_fits_its_column() -> None:
    assert amount(LARGEST) == LARGEST
