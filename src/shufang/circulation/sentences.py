"""The sentence for a refusal or an outcome, in the reader's language. The rule gives a code, the face asks here."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from shufang.circulation.local_days import local_day
from shufang.circulation.wording import Wording
from shufang.circulation.wording.cards import CARDS
from shufang.circulation.wording.getting_a_card import GETTING_A_CARD
from shufang.circulation.wording.lending import HOLDS, LENDING, OUTCOMES
from shufang.circulation.wording.lists import LISTS
from shufang.circulation.wording.money import MONEY
from shufang.circulation.wording.phone import PHONE
from shufang.kernel.refusal import Refusal, Value

REFUSALS: Wording = {**CARDS, **GETTING_A_CARD, **MONEY, **LENDING, **HOLDS, **PHONE, **LISTS}
_OTHER: Final = "not_now"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class _Day:
    """A day as it is said; `{day:year}` says the year too."""

    def __init__(self, day: date, *, is_chinese: bool) -> None:
        self._day = day
        self._is_chinese = is_chinese

    def __format__(self, how: str) -> str:
        day = self._day
        if self._is_chinese:
            return (f"{day.year}年" if how == "year" else "") + f"{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if how == "year" else "")


def sentence(refusal: Refusal, language: str) -> str:
    """Return what to tell about a refusal; `language` is zh-hans or en (another is taken as Chinese)."""
    return _say(REFUSALS, refusal.code if refusal.code in REFUSALS else _OTHER, refusal.values, language)


def outcome(code: str, language: str, **values: Value) -> str:
    """Return what to tell about something done (wording/lending.py, OUTCOMES). KeyError for an unknown code."""
    return _say(OUTCOMES, code, values, language)


def _say(wording: Wording, code: str, values: Mapping[str, Value], language: str) -> str:
    is_chinese = not language.lower().startswith("en")
    said = {name: _as_said(value, is_chinese=is_chinese) for name, value in values.items() if value is not None}
    variants = wording[code].chinese if is_chinese else wording[code].english
    for variant in variants:
        try:
            return variant.format_map(said)
        except KeyError:
            continue
    raise KeyError(f"{code} needs more than {sorted(values)}")


def _as_said(value: Value, *, is_chinese: bool) -> object:
    if isinstance(value, datetime):
        return _Day(local_day(value), is_chinese=is_chinese)
    if isinstance(value, date):
        return _Day(value, is_chinese=is_chinese)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value
