"""The card on the phone: which phone may show which card, and reading what it shows. docs/phone_card.md is exact.

A signed-in device gets a handle and a secret for its card and makes codes alone, also without a network. The secret is
computed from the handle with a key outside the database, so that who has the database alone can make no code. A code is
read online at most once; what counts as used is kept as a keyed hash.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from shufang.branches.once import is_first
from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.refusal import Refusal
from shufang.patrons import phone_code, sessions
from shufang.patrons.card_life import card_refusal
from shufang.patrons.models import Card, PhoneCard
from shufang.patrons.phone_code import STEP, PhoneCode, make_code, step_of, take_apart

STEPS_ASIDE = 1
"""A clock may be this many steps behind or ahead. A code is refused 60 seconds after it was first shown."""
USED_KEPT = timedelta(days=7)
"""How long a used code's hash is kept: so long may a kiosk's queue be when its line comes back."""
STAY = timedelta(minutes=30)
"""How long a reader may go on laying books down at a kiosk without a line once it has read his code."""
_SCOPE = "phone_card"


@dataclass(frozen=True, slots=True)
class ShownOffline:
    """Whose code a device read while its line was down, and what staff should hear of it.

    `conflict`: phone_code_used (it was used elsewhere, or twice there), phone_code_ended (the phone was signed out by
    then), or nothing.
    """

    card_number: str
    conflict: str = ""


def phone_card(session_id: int, card_number: str, now: datetime) -> PhoneCard | None:
    """Return this session's phone card for a card of its reader, made on first use; None when there is no such card."""
    card = Card.objects.filter(number=card_number, patron__sessions=session_id).first()
    if card is None:
        return None
    found = PhoneCard.objects.filter(session_id=session_id, card=card).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return PhoneCard.objects.create(
                session_id=session_id, card=card, handle=phone_code.new_handle(), created_at=now
            )
    except IntegrityError:  # the same phone asked twice at once
        return PhoneCard.objects.filter(session_id=session_id, card=card).first()


def secret_of(phone: PhoneCard) -> bytes:
    """Return the 32 bytes with which this phone signs: the same each time, different for every session and card."""
    card_id = str(phone.card_id).encode()
    return keyed_hash(settings.SHUFANG_CODE_KEY, b"card on the phone", phone.handle.encode(), card_id)


def code_for(phone: PhoneCard, now: datetime) -> str:
    """Return the code that this phone shows now: 45 digits."""
    return make_code(phone.handle, secret_of(phone), step_of(now))


def read_code(text: str, now: datetime) -> str | Refusal:
    """Take a code and return the number of its card. Two queries and one statement.

    Refuses phone_code_unknown (also a wrong signature), phone_code_ended (signed out, PIN changed), phone_code_old,
    phone_clock_ahead, what card_life refuses of the card, and phone_code_used. Inside a transaction that is undone, the
    use is undone too.
    """
    found = _believed(text)
    if found is None:
        return Refusal("phone_code_unknown")
    code, phone = found
    if not _stands(phone, now):
        return Refusal("phone_code_ended")
    today = timezone.localdate(now, timezone.get_default_timezone())
    refusal = _time_refusal(code, now) or card_refusal(phone.card, today)
    if refusal is not None:
        return refusal
    return phone.card.number if _take(code, now) else Refusal("phone_code_used")


def read_code_later(text: str, happened_at: datetime, now: datetime) -> ShownOffline | Refusal:
    """Say whose code a device had read when a book was laid down at `happened_at`, with its line down; count it as used.

    Refuses only what cannot be believed: phone_code_unknown (also a wrong signature), phone_code_old when it was shown
    more than STAY before, phone_clock_ahead when after. That a card is lost or full is found by the verb.
    """
    found = _believed(text)
    if found is None:
        return Refusal("phone_code_unknown")
    code, phone = found
    refusal = _time_refusal(code, happened_at, STAY)
    if refusal is not None:
        return refusal
    had_ended = phone.ended_at is not None and phone.ended_at < happened_at
    conflict = "" if _take(code, now) else "phone_code_used"
    return ShownOffline(phone.card.number, conflict or ("phone_code_ended" if had_ended else ""))


def _believed(text: str) -> tuple[PhoneCode, PhoneCard] | None:
    """Return the parts of a code that a phone of ours has signed, whenever that was."""
    code = take_apart(text)
    if code is None:
        return None
    phone = PhoneCard.objects.select_related("card").filter(handle=code.handle).first()
    if phone is None or not code.is_signed_with(secret_of(phone)):
        return None
    return code, phone


def _stands(phone: PhoneCard, now: datetime) -> bool:
    session_id = phone.session_id
    return session_id is not None and sessions.standing(phone.card.patron_id, now).filter(pk=session_id).exists()


def _time_refusal(code: PhoneCode, now: datetime, stay: timedelta = timedelta(0)) -> Refusal | None:
    ahead = code.step - step_of(now)
    if code.step < step_of(now - stay) - STEPS_ASIDE:
        return Refusal("phone_code_old")
    if ahead > STEPS_ASIDE:
        return Refusal("phone_clock_ahead", {"minutes": max(1, ahead * STEP // 60)})
    return None


def _take(code: PhoneCode, now: datetime) -> bool:
    key = keyed_hash(settings.SHUFANG_CODE_KEY, b"used code", code.handle.encode(), str(code.step).encode())
    return is_first(_SCOPE, key, now, now + USED_KEPT)
