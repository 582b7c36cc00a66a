"""Being in the study: the code that a kiosk shows and changes every 30 seconds, and what a phone that read it may rely on.

A code is eight digits, so that it can also be typed. It is made from the kiosk's account and the time with a key outside
the database, and good for as long as it is shown and 30 seconds more. Who sends a code to a friend within that minute
lets him in; a proof lasts ten minutes and only in the sign-in that read the code. docs/phone_card.md says it all.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.signing import BadSignature, Signer

from shufang.branches.models import Branch, Device
from shufang.branches.once import is_first
from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.refusal import Refusal

STEP = 30
"""Seconds."""
DIGITS = 8
GOOD_STEPS = 2
"""The step in which a code is shown, and the next."""
TOLD_AS_OLD = 20
"""Steps for which a code is known to be an old one, and not just wrong: ten minutes."""
PROOF = timedelta(minutes=10)
SIGNING_IN = timedelta(minutes=5)
"""How long a reader who was not signed in may take to do so after reading the code."""
_SCOPE = "presence"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a kiosk shows until `until`; `typed` is the same in two groups of four, to be read by people."""

    code: str
    until: datetime

    @property
    def typed(self) -> str:
        """Return the code as it stands under the QR code."""
        return f"{self.code[:4]} {self.code[4:]}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A kiosk's code that a phone has read in time."""

    branch_id: int
    device_id: int
    step: int


@dataclass(frozen=True, slots=True)
class Presence:
    """A reader's proof that he is in a branch, from reading the code until `until`."""

    branch_id: int
    since: datetime
    until: datetime


def code_of(device_id: int, now: datetime) -> Shown:
    """Return what this kiosk shows now."""
    step = _step(now)
    return Shown(_code(device_id, step), datetime.fromtimestamp((step + 1) * STEP, UTC))


def branch_of(code: str, now: datetime) -> Seen | Refusal:
    """Say which enabled kiosk shows this code (blanks and hyphens do not count). One query.

    Refuses presence_unknown (also when two kiosks happen to show the same: the next code will do) and presence_old.
    """
    digits = "".join(sign for sign in code if sign not in " -\u3000\u00a0")
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdigit():
        return Refusal("presence_unknown")
    kiosks = list(
        Device.objects.filter(kind=Device.Kind.KIOSK, is_enabled=True, branch__is_enabled=True)
        .order_by("pk")
        .values_list("pk", "branch_id")
    )
    step = _step(now)
    good = [
        Seen(branch, device, at)
        for device, branch in kiosks
        for at in _last(step, GOOD_STEPS)
        if _is(digits, device, at)
    ]
    if good:
        return good[0] if len({seen.branch_id for seen in good}) == 1 else Refusal("presence_unknown")
    was_shown = any(_is(digits, device, at) for device, _ in kiosks for at in _last(step, TOLD_AS_OLD))
    return Refusal("presence_old") if was_shown else Refusal("presence_unknown")


def take(seen: Seen, patron_id: int, now: datetime) -> Refusal | None:
    """Let a code count for this reader, once: a second sign-in of his, or a second time, is refused presence_used."""
    parts = (str(part).encode() for part in (seen.device_id, seen.step, patron_id))
    key = keyed_hash(settings.SHUFANG_CODE_KEY, b"presence", *parts)
    until = now + timedelta(seconds=(GOOD_STEPS + 1) * STEP) + SIGNING_IN
    return None if is_first(_SCOPE, key, now, until) else Refusal("presence_used")


def proof_of(seen: Seen, session_id: int, now: datetime) -> str:
    """Return a signed token by which one sign-in shows that it is there until PROOF has passed."""
    return _signer("presence").sign_object({"b": seen.branch_id, "s": session_id, "t": _written(now)})


def proved(token: str, session_id: int, now: datetime) -> Presence | Refusal:
    """Return what a token proves for this sign-in. Refuses presence_missing, presence_elsewhere and presence_over. No query."""
    held = _held("presence", token)
    if held is None:
        return Refusal("presence_missing")
    if held["s"] != session_id:
        return Refusal("presence_elsewhere")
    since = _EPOCH + timedelta(microseconds=held["t"])
    if not since <= now + timedelta(seconds=STEP) or now >= since + PROOF:
        return Refusal("presence_over")
    return Presence(held["b"], since, since + PROOF)


def arrival_of(seen: Seen, now: datetime) -> str:
    """Return a signed token that a phone whose reader must sign in first has read a code in time."""
    arrived = {"b": seen.branch_id, "d": seen.device_id, "n": seen.step, "t": _written(now)}
    return _signer("arrival").sign_object(arrived)


def arrived(token: str, now: datetime) -> tuple[Seen, datetime] | None:
    """Return what a phone read before its reader signed in, and when; None when that is over or forged."""
    held = _held("arrival", token)
    if held is None:
        return None
    at = _EPOCH + timedelta(microseconds=held["t"])
    return (Seen(held["b"], held["d"], held["n"]), at) if at <= now < at + SIGNING_IN else None


def phone_account(branch_id: int) -> Device | None:
    """Return the account under which all phones lend in this branch, made on first use; None where staff disabled it."""
    branch = Branch.objects.filter(pk=branch_id, is_enabled=True).first()
    if branch is None:
        return None
    device, _ = Device.objects.get_or_create(
        account=f"phone-{branch.code}",
        defaults={
            "name": f"{branch.name} 手机",
            "kind": Device.Kind.PHONE,
            "branch": branch,
            "encoding": "utf-8",
            "is_attended": False,
        },
    )
    is_right = device.kind == Device.Kind.PHONE and device.branch_id == branch_id
    return device if is_right and device.is_enabled else None


def _written(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970: what was borrowed just before a proof is not of its visit."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP


def _last(step: int, count: int) -> range:
    return range(step - count + 1, step + 1)


def _code(device_id: int, step: int) -> str:
    message = b"kiosk\0" + device_id.to_bytes(8, "big") + step.to_bytes(8, "big")
    digest = hmac.new(settings.SHUFANG_CODE_KEY, message, sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def _is(digits: str, device_id: int, step: int) -> bool:
    return hmac.compare_digest(digits, _code(device_id, step))


def _signer(purpose: str) -> Signer:
    return Signer(key=settings.SHUFANG_CODE_KEY.hex(), salt=f"shufang.{purpose}")


def _held(purpose: str, token: str) -> dict[str, int] | None:
    try:
        held: dict[str, int] = _signer(purpose).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return held
