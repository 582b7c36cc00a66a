"""What a handler is given beside the message, and what it gives back."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from shufang.branches.replies import RequestKey
from shufang.circulation.place import PinCheck
from shufang.circulation.sentences import outcome, sentence
from shufang.kernel.refusal import Refusal, Value
from shufang.sip2 import dates
from shufang.sip2.replies import Reply
from shufang.sip2_server.terminal import Terminal

LANGUAGE_CODES = {"zh-hans": "019", "en": "001"}
LANGUAGES = {code: language for language, code in LANGUAGE_CODES.items()}
"""SIP2's language field: 001 English, 019 Chinese, 000 unknown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The circumstances of a request. `now` is aware, UTC; `language` is the one to answer in; `request` tells repeats."""

    terminal: Terminal
    now: datetime
    language: str
    pin: PinCheck
    request: RequestKey | None

    @property
    def date(self) -> str:
        """Return the server's local time for a reply's transaction date."""
        return dates.write(self.now, timezone.get_default_timezone())

    def institution(self, given: str) -> str:
        """Return AO: the terminal's own word where it sent one, since some compare it, else the library's code."""
        return given or self.terminal.library_code

    def say(self, refusal: Refusal) -> tuple[str, ...]:
        """Return the screen message of a refusal."""
        return (sentence(refusal, self.language),)

    def tell(self, code: str, **values: Value) -> tuple[str, ...]:
        """Return the screen message of something done."""
        return (outcome(code, self.language, **values),)


@dataclass(frozen=True, slots=True)
class Kept:
    """Whose stored reply this reply becomes: the item's with its event, or the patron's with the raised revision."""

    subject: str
    subject_id: int
    marker: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A handler's answer. `code` is the refusal's, empty when it was done; `kept` when something was changed.

    `language` and `card` are remembered for the patron's next messages on this terminal.
    """

    reply: Reply
    code: str = ""
    kept: Kept | None = None
    language: str = ""


def local_date(at: datetime | None) -> str:
    """Return AH and the like: the local day as YYYY-MM-DD, empty for none."""
    return timezone.localdate(at).isoformat() if at is not None else ""


def currency() -> str:
    """Return BH, the network's currency."""
    return str(settings.SHUFANG_CURRENCY)
