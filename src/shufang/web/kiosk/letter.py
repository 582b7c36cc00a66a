"""The letter on the first screen: whether the study is open, how many books stand there, some that are worth a look."""

from datetime import datetime
from typing import TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.web.covers.cover import is_vertical, main_title
from shufang.web.kiosk.device import Kiosk
from shufang.web.kiosk.look import LANGUAGES
from shufang.web.reader.home import shelf

BOOKS = 3
LONGEST = 12
"""Signs of a title that fit a column."""
_DIGITS = "〇一二三四五六七八九"


class Column(TypedDict):
    """One column (a row, in English): `lines`, or a book with the words `when` over it."""

    lines: list[str]
    when: str
    book: str


Letter = dict[str, list[Column]]


def letter(kiosk: Kiosk, _now: datetime) -> Letter:
    """Return the letter in both languages. Three queries."""
    branch = Branch.objects.get(pk=kiosk.branch_id)
    here = Item.objects.filter(current_branch=branch, status=ItemStatus.AVAILABLE).count()
    titles = [(main_title(title.title), title.author) for title in shelf([branch.pk])]
    books = [(title, author) for title, author in titles if is_vertical(title) and len(title) <= LONGEST][:BOOKS]
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = [_about(branch, here), *(_book(title, author) for title, author in books)]
    return found


def _about(branch: Branch, here: int) -> Column:
    lines = [_("Open by day and by night.")] if branch.always_open else []
    number = in_hanzi(here) if translation.get_language() != "en" else f"{here:,}"
    lines.append(_("{number} books stand here now.").format(number=number))
    return {"lines": lines, "when": "", "book": ""}


def _book(title: str, author: str) -> Column:
    return {"lines": [author], "when": _("Here now"), "book": _("《{title}》").format(title=title)}


def in_hanzi(number: int) -> str:
    """Return a number from 0 to 99,999 as it stands in a column: 八百一十二; a larger one as figures."""
    if not 0 <= number <= 99_999:
        return f"{number:,}"
    if number == 0:
        return "零"
    signs = ""
    is_gap = False
    for unit, name in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            signs += ("零" if is_gap and signs else "") + _DIGITS[digit] + name
        is_gap = not digit
    return signs.removeprefix("一") if 10 <= number < 20 else signs
