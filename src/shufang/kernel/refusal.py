"""A refusal: a typed reason why something may not be done. The face makes the sentence, never the rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Value = str | int | bool | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` is stable and for machines (`card_expired`); `values` fill the sentence (`{"limit": 5}`)."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
