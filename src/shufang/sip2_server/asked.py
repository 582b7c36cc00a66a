"""What a handler is given beside the message, and what it gives back."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from shufang.branches.replies import RequestKey
from shufang.circulation.place import PinCheck
from shufang.circulation.sentences import outcome, sentence
from shufang.kernel.refusal import Refusal, Value
from shufang.patrons.models import Card
from shufang.sip2 import dates
from shufang.sip2.replies import Reply
from shufang.sip2_server.terminal import Terminal

LANGUAGE_CODES = {"zh-hans": "019", "en": "001"}
LANGUAGES = {code: language for language, code in LANGUAGE_CODES.items()}
"""SIP2's language field: 001 English, 019 Chinese, 000 unknown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The circumstances of a request. `now` is aware, UTC; `language` is the one to answer in; `request` tells repeats.

    `pin_version`: of the PIN that was found right. `is_chosen`: the language is the message's or the visit's; else it is the branch's, and the reader's own goes before it.
    """

    terminal: Terminal
    now: datetime
    language: str
    pin: PinCheck
    request: RequestKey | None
    is_chosen: bool = False
    pin_version: int | None = None

    def later(self, now: datetime) -> "Asked":
        """Return the same at a later moment."""
        return replace(self, now=now)

    def speaking(self, language: str) -> "Asked":
        """Return the same in the reader's language, unless one was chosen; empty: nobody knows it."""
        return self if self.is_chosen or not language else replace(self, language=language)

    def speaking_to(self, card_number: str) -> "Asked":
        """Return the same in the language of this card's reader. One query, none when a language was chosen."""
        if self.is_chosen or not card_number:
            return self
        found = Card.objects.filter(number=card_number).values_list("patron__language", flat=True).first()
        return self.speaking(found or "")

    @property
    def date(self) -> str:
        """Return the server's local time for a reply's transaction date."""
        return _wire_date(self.now)

    def institution(self, given: str) -> str:
        """Return AO: the terminal's own word where it sent one, since some compare it, else the library's code."""
        return given or self.terminal.library_code

    def say(self, refusal: Refusal) -> tuple[str, ...]:
        """Return the screen message of a refusal."""
        return (sentence(refusal, self.language),)

    def tell(self, code: str, **values: Value) -> tuple[str, ...]:
        """Return the screen message of something done."""
        return (outcome(code, self.language, **values),)

    def tell_due(self, code: str, due_at: datetime) -> tuple[str, ...]:
        """Return the screen message of a loan; most loans of a day have the same due day, and so the same words."""
        return (_due_outcome(code, self.language, local_day(due_at)),)


@dataclass(frozen=True, slots=True)
class Kept:
    """Whose stored reply this reply becomes: the item's with its event, or the patron's with the raised revision."""

    subject: str
    subject_id: int
    marker: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A handler's answer. `code` is the refusal's (or the conflict's that a no-block request met), empty for none.

    `kept` when something was changed. `language` is remembered for the patron's next messages on this terminal.
    """

    reply: Reply
    code: str = ""
    kept: Kept | None = None
    language: str = ""
    is_refusal: bool = False


@lru_cache(maxsize=16)
def _wire_date(at: datetime) -> str:
    return dates.write(at, timezone.get_default_timezone())


@lru_cache(maxsize=256)
def _due_outcome(code: str, language: str, due_on: date) -> str:
    return outcome(code, language, due_at=due_on)


@lru_cache(maxsize=512)
def local_day(at: datetime) -> date:
    """Return the local day of a moment. Due dates are ends of days: a few moments ask again and again."""
    return timezone.localdate(at)


def local_date(at: datetime | None) -> str:
    """Return AH and the like: the local day as YYYY-MM-DD, empty for none."""
    return local_day(at).isoformat() if at is not None else ""


def currency() -> str:
    """Return BH, the network's currency."""
    return str(settings.SHUFANG_CURRENCY)
