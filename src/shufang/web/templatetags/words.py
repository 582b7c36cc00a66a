"""Filters that put names, numbers and days into the language of the page."""

import re
from datetime import date, datetime
from typing import Protocol

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

_CHINESE = "零一二三四五六七八九十"
_WEEKDAYS = "一二三四五六日"
_TAGS = {"chi": "zh", "eng": "en", "jpn": "ja", "kor": "ko", "fre": "fr", "ger": "de", "rus": "ru", "spa": "es"}
_LANGUAGES = {
    "chi": _("Chinese"),
    "eng": _("English"),
    "jpn": _("Japanese"),
    "kor": _("Korean"),
    "fre": _("French"),
    "ger": _("German"),
    "rus": _("Russian"),
    "spa": _("Spanish"),
    "ita": _("Italian"),
    "por": _("Portuguese"),
    "ara": _("Arabic"),
    "lat": _("Latin"),
    "tib": _("Tibetan"),
    "mon": _("Mongolian"),
    "uig": _("Uighur"),
    "mul": _("Several languages"),
    "und": _("Not known"),
}
_MATERIALS = {
    "book": _("Book"),
    "periodical": _("Periodical"),
    "score": _("Printed music"),
    "map": _("Map"),
    "video": _("Film"),
    "sound": _("Sound recording"),
    "picture": _("Picture"),
    "computer_file": _("Computer file"),
    "mixed": _("Mixed materials"),
    "other": _("Other"),
}
_FIGURES = {
    "engine": _("Engine"),
    "seconds": _("Seconds for an answer"),
    "now": _("Now"),
    "newest_event": _("Newest event"),
    "behind_seconds": _("Seconds behind"),
    "waiting": _("Waiting"),
    "retried": _("Tried again"),
    "failed": _("Given up"),
    "oldest_seconds": _("Seconds the oldest has waited"),
    "error": _("Error"),
    "listening": _("Listening on"),
    "connections": _("Connections"),
    "sessions": _("Machines signed in"),
    "messages": _("Messages"),
    "erase_replies": _("Forget replies"),
    "expire_holds": _("Pass on holds not fetched"),
    "end_suspensions": _("End suspensions"),
    "expire_cards": _("Expire cards"),
    "mark_lost": _("Count as lost"),
    "write_notices": _("Write notices"),
    "deliver_notices": _("Send notices"),
    "ask_payments": _("Ask about payments"),
    "erase_charges": _("Forget settled charges"),
    "erase_traces": _("Forget traces"),
    "erase_notices": _("Forget sent notices"),
    "erase_phone_cards": _("Forget phones signed out"),
    "erase_closed_patrons": _("Forget closed readers"),
    "fold_readers": _("Fold readers into counts"),
    "popularity": _("Count what is read"),
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
_LATENCY = re.compile(r"message (\d\d), (p\d\d) ms")


class Named(Protocol):
    """Anything with a name in both languages."""

    @property
    def name(self) -> str:
        """The Chinese name."""

    @property
    def name_en(self) -> str:
        """The English name; may be empty."""


@register.filter
def named(thing: Named) -> str:
    """Return the name in the page's language; the Chinese one where there is no other."""
    return thing.name_en if get_language() == "en" and thing.name_en else thing.name


@register.filter
def short_name(thing: Named) -> str:
    """Return the name without the kind of place, as people say it: 高米店 for 高米店城市书房."""
    return shortened(named(thing))


def shortened(name: str) -> str:
    """Return `name` without the words for the kind of place at its end; the whole when nothing would be left."""
    for tail in ("24小时城市书房", "城市书房", "书房", " 24-hour City Study", " City Study", " Study", " study"):
        if name.endswith(tail) and len(name) > len(tail):
            return name[: -len(tail)].strip()
    return name


@register.filter
def counted(number: int) -> str:
    """Return the number as it stands before a measure word: 一, 两, 三 … 十, then figures; in English figures."""
    if get_language() == "en" or not 0 <= number <= 10:
        return grouped(number)
    return "两" if number == 2 else _CHINESE[number]


@register.filter
def grouped(number: int) -> str:
    """Return the number with a comma each three digits, as both languages write it."""
    return f"{number:,}"


@register.filter
def day(when: date | datetime) -> str:
    """Return a day of this year or another: 12月3日, 3 December; with the year where it is not this one."""
    local = timezone.localtime(when).date() if isinstance(when, datetime) else when
    this_year = local.year == timezone.localdate().year
    if get_language() == "en":
        return date_format(local, "j F" if this_year else "j F Y")
    return f"{local.month}月{local.day}日" if this_year else f"{local.year}年{local.month}月{local.day}日"


@register.filter
def day_and_weekday(when: datetime) -> str:
    """Return 11月22日 周日, or Sun 22 November."""
    local = timezone.localtime(when)
    if get_language() == "en":
        return f"{date_format(local, 'D')} {day(when)}"
    return f"{day(when)} 周{_WEEKDAYS[local.weekday()]}"


@register.filter
def in_chinese_year(year: int) -> str:
    """Return a year as it stands in a column of Chinese: 二〇〇八."""
    return "".join("〇" if sign == "0" else _CHINESE[int(sign)] for sign in str(year))


@register.filter
def milliseconds(seconds: float) -> str:
    """Return a duration in milliseconds with three figures at most."""
    value = seconds * 1000
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


@register.simple_tag
def strokes(first: int, count: int) -> str:
    """Return the path of `count` upright strokes of the twenty of a `seats` picture, from place `first` on."""
    return "".join(f"M{1.5 + 7 * place} 0v16" for place in range(first, first + count))


@register.filter
def html_language(marc_code: str) -> str:
    """Return the language tag (BCP 47) of a MARC language code, for `lang`; empty: unknown."""
    return _TAGS.get(marc_code, "")


@register.filter
def language_name(marc_code: str) -> str:
    """Return the name of a language by its MARC code; the code itself where we have no name."""
    return str(_LANGUAGES.get(marc_code, marc_code))


@register.filter
def material_name(material: str) -> str:
    """Return what kind of thing a title is, in words."""
    return str(_MATERIALS.get(material, material))


@register.filter
def figure_name(name: str) -> str:
    """Return the words for a figure of the health page."""
    latency = _LATENCY.fullmatch(name)
    if latency:
        values = {"code": latency[1], "part": latency[2]}
        return gettext("Message %(code)s, %(part)s in ms") % values
    return str(_FIGURES.get(name, name.replace("_", " ")))


@register.filter
def figure_value(value: object) -> str:
    """Return a figure of the health page; a time (ISO 8601) as local day and time, – for what there is none of."""
    if value is None:
        return "–"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        when = datetime.fromisoformat(value)
        return f"{day(when)} {timezone.localtime(when):%H:%M:%S}"
    return str(value)
