"""What the simulated centre refuses, and how its books look after a message. Pure."""

from dataclasses import replace

from shufang.kernel.money import ZERO
from shufang.registration.authority.interface import CityAnswer, Message

GOOD = frozenset({"issued", "active"})
_STATUS = {"activate": "active", "found": "active", "lost": "lost", "close": "closed"}
_FROM = {
    "activate": GOOD | {"expired"},
    "found": {"lost"},
    "lost": GOOD | {"expired", "lost"},
    "replace": GOOD | {"expired", "lost"},
    "renew": GOOD | {"expired"},
    "close": GOOD | {"expired", "lost"},
}
"""From which status each message may lead."""


def refusal(message: Message, known: CityAnswer | None, other: CityAnswer | None, his: CityAnswer | None) -> str:
    """Return the code of a refusal, "" for none. `other`: the card that has a replacement's number; `his`: the person's."""
    if message.verb == "register":
        if known is not None:
            return "card_number_used"
        return "patron_has_card" if his is not None and message.status in GOOD else ""
    if known is None:
        return "card_unknown"
    if message.verb == "replace" and other is not None:
        return "card_number_used"
    allowed = _FROM.get(message.verb)
    if allowed is not None and known.status not in allowed:
        return f"card_{known.status}"
    is_his = his is None or his.number == known.number
    return "" if is_his or message.verb not in {"activate", "found", "renew"} else "patron_has_card"


def after(message: Message, known: CityAnswer | None) -> list[CityAnswer]:
    """Return the cards as they are after a message that was not refused."""
    if message.verb == "register" or known is None:
        return [_new(message, message.number)]
    if message.verb == "replace":
        new = replace(_new(message, message.other), deposit=known.deposit, pin_version=known.pin_version)
        return [replace(known, status="replaced", replaced_by=message.other, deposit=ZERO), new]
    status = _STATUS.get(message.verb, known.status)
    deposit = {"deposit_paid": message.amount, "deposit_refunded": ZERO}.get(message.verb, known.deposit)
    if message.verb == "renew" and known.status == "expired":
        status = "active"
    return [replace(known, status=status, deposit=deposit, expires_on=message.expires_on)]


def _new(message: Message, number: str) -> CityAnswer:
    return CityAnswer(
        number=number,
        status=message.status,
        kind=message.kind,
        library=message.library,
        name=message.name,
        revision=0,
        birth_date=message.birth_date,
        expires_on=message.expires_on,
        person=message.person,
    )
