"""Invented documents for the simulated reader. Their check digits are right; nobody has them."""

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
Document = dict[str, object]


def resident_number(born: date, serial: int) -> str:
    """Return a resident number of Daxing (110115) with its check digit (GB 11643-1999)."""
    text = f"110115{born:%Y%m%d}{serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=True))
    return text + "10X98765432"[total % 11]


def resident(name: str, born: date, serial: int, valid_until: str = "2045-06-30") -> Document:
    """Return an identity card."""
    return {
        "kind": "resident",
        "number": resident_number(born, serial),
        "name": name,
        "birth_date": born.isoformat(),
        "valid_until": valid_until,
    }


DOCUMENTS: dict[str, Document] = {
    "lin": resident("林晓", date(1994, 7, 3), 901),
    "he": resident("何苗", date(1979, 11, 20), 902),
    "mother": resident("林秋", date(1990, 2, 11), 903),
    "boy": resident("林小满", date(2017, 5, 20), 904),
    "girl": resident("何一一", date(2011, 8, 8), 905),
    "old": resident("宋时", date(1951, 1, 9), 906),
    "expired": resident("白露", date(1985, 9, 8), 907, "2020-01-01"),
    "baker": {
        "kind": "passport",
        "number": "E12345678",
        "name": "ANNA BAKER",
        "birth_date": "1988-04-09",
        "valid_until": "2041-01-01",
    },
    "forged": {**resident("假证", date(1990, 1, 1), 908), "number": "110115199001019080"},
}
"""By the name under which the simulator's page and tests lay them down; `forged` has a wrong check digit."""
