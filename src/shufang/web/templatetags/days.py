"""Filters that say how far away a day is, as people say it."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from shufang.web.templatetags.words import day as in_words

register = template.Library()

_WEEKDAYS = "一二三四五六日"
_A_WEEK = 7


def local_day(when: date | datetime) -> date:
    """Return the local day of a moment, or the day itself."""
    return timezone.localdate(when) if isinstance(when, datetime) else when


def days_until(when: date | datetime) -> int:
    """Return how many days from today on; less than 0 for days that have passed."""
    return (local_day(when) - timezone.localdate()).days


@register.filter
def weekday(when: date | datetime) -> str:
    """Return 周三, or Wednesday."""
    day = local_day(when)
    return date_format(day, "l") if get_language() == "en" else f"周{_WEEKDAYS[day.weekday()]}"


@register.filter
def due_in(when: date | datetime) -> str:
    """Return how long there is until a due day: 过期3天, 今天, 明天, 周三, 还有16天."""
    days = days_until(when)
    if days < 0:
        return ngettext("%(count)s day overdue", "%(count)s days overdue", -days) % {"count": -days}
    if days < 2:
        return gettext("Tomorrow") if days else gettext("Today")
    if days < _A_WEEK:
        return weekday(when)
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


@register.filter
def due_tone(when: date | datetime) -> str:
    """Return the class of a due day: cinnabar when it has passed, ochre within the week, none later."""
    days = days_until(when)
    return "cinnabar" if days < 0 else "ochre" if days < _A_WEEK else ""


@register.filter
def when_coming(day: date) -> str:
    """Return a day to come as one says it in a sentence: 今天, 明天, or its date."""
    days = days_until(day)
    return gettext("today") if days <= 0 else gettext("tomorrow") if days == 1 else in_words(day)
