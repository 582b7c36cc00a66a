"""A reader's e-mail address is on record once he has typed the code that was sent there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Patron
from shufang.patrons.one_time_code import Purpose, use_code
from shufang.patrons.tries import count_try

MOST = 10
WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ConfirmEmail:
    """The code as typed by a reader who is signed in."""

    patron_id: int
    card_number: str
    code: str


@dataclass(frozen=True, slots=True)
class EmailConfirmed:
    """The address that stands now."""

    patron_id: int
    email: str


def confirm_email(command: ConfirmEmail, now: datetime) -> EmailConfirmed | Refusal:
    """Put the address on record. Refuses code_wrong, sign_in_too_often."""
    if count_try("email_code", command.card_number, WITHIN, now) > MOST:
        return Refusal("sign_in_too_often", {"minutes": int(WITHIN.total_seconds() // 60)})
    used = use_code(Purpose.EMAIL, command.card_number, command.code, now)
    if isinstance(used, Refusal):
        return used
    if used.patron_id != command.patron_id:
        return Refusal("code_wrong")
    Patron.objects.filter(pk=used.patron_id).update(email=used.address)
    return EmailConfirmed(used.patron_id, used.address)
