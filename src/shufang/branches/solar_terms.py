"""The 24 solar terms (节气), which an almanac names beside the day. Pure."""

from datetime import date
from functools import lru_cache

from chinese_calendar import get_solar_terms  # type: ignore[import-untyped]  # the package has no types

ENGLISH = {
    "立春": "Beginning of Spring",
    "雨水": "Rain Water",
    "惊蛰": "Waking of Insects",
    "春分": "Spring Equinox",
    "清明": "Clear and Bright",
    "谷雨": "Grain Rain",
    "立夏": "Beginning of Summer",
    "小满": "Lesser Fullness",
    "芒种": "Grain in Ear",
    "夏至": "Summer Solstice",
    "小暑": "Lesser Heat",
    "大暑": "Greater Heat",
    "立秋": "Beginning of Autumn",
    "处暑": "End of Heat",
    "白露": "White Dew",
    "秋分": "Autumn Equinox",
    "寒露": "Cold Dew",
    "霜降": "Frost's Descent",
    "立冬": "Beginning of Winter",
    "小雪": "Lesser Snow",
    "大雪": "Greater Snow",
    "冬至": "Winter Solstice",
    "小寒": "Lesser Cold",
    "大寒": "Greater Cold",
}


@lru_cache(maxsize=64)
def solar_terms(first: date, last: date) -> tuple[tuple[date, str], ...]:
    """Return the days from `first` to `last`, both included, on which a term begins, each with its Chinese name."""
    return tuple((day, str(name)) for day, name in get_solar_terms(first, last))
