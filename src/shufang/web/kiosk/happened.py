"""What waited in a kiosk's queue is done, in its order and once each; what the books contradict lies before staff.

An entry counts under the key of the request that it was, or would have been: what the server had done before the line
broke, and could not answer any more, is not done again.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import BadRequest

from shufang.branches.once import is_first
from shufang.branches.replies import Repeated, RequestKey
from shufang.circulation import no_block
from shufang.circulation.checkin import Checkin, checkin
from shufang.circulation.checkout import Checkout, checkout
from shufang.circulation.conflicts import record_conflict
from shufang.kernel import clock
from shufang.kernel.identifiers import keyed_hash
from shufang.kernel.refusal import Refusal
from shufang.kernel.sealing import SealedWrongError
from shufang.patrons.phone_card import read_code_later
from shufang.patrons.phone_code import looks_like_code
from shufang.web.kiosk.asked import LONGEST, Asked, Reply, answers, key_of, once, text
from shufang.web.kiosk.device import Kiosk
from shufang.web.kiosk.last_known import context_of
from shufang.web.kiosk.sealed import Entry, opened
from shufang.web.kiosk.visits import visit_that_was

MOST = 50
_STAY = "kiosk_stay"
_STAY_KEPT = timedelta(days=90)


@answers
def happened(kiosk: Kiosk, asked: Asked) -> Reply:
    """Do what `entries` (each `id` and `sealed`) tell, in order. Answers the ids that are done; the kiosk forgets those."""
    entries = asked.get("entries")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadRequest("no entries")
    done = []
    for entry in entries[:MOST]:
        uuid = text(entry, "id")
        play(kiosk, uuid, text(entry, "sealed", LONGEST), clock.now())
        done.append(uuid)
    return {"ok": True, "done": done}


def play(kiosk: Kiosk, uuid: str, sealed: str, now: datetime) -> Reply:
    """Do one entry, once. One that does not open is put before staff, without what nobody can read."""
    key = key_of(kiosk, uuid)

    def work() -> Reply | bytes:
        again = no_block.done_before(key)
        if again is not None:
            return again.reply
        try:
            entry = opened(uuid, sealed, context_of(kiosk.account), now)
        except SealedWrongError:
            record_conflict("kiosk", "entry_unreadable", kiosk.place, now, now)
            return {"ok": True}
        done = _take_back(kiosk, entry, key, now) if entry.verb == "checkin" else _lend(kiosk, entry, key, now)
        return done.reply if isinstance(done, Repeated) else {"ok": True}

    return once(key, work)


def _take_back(kiosk: Kiosk, entry: Entry, key: RequestKey, now: datetime) -> object:
    command = Checkin(barcode=entry.barcode, place=kiosk.place, happened_at=entry.happened_at, request=key)
    return checkin(command, now)


def _lend(kiosk: Kiosk, entry: Entry, key: RequestKey, now: datetime) -> object:
    """Lend to the card that was shown; which one may be learnt only now. The due day is the one that was told."""
    command = Checkout(
        card_number=_card_of(kiosk, entry, now),
        barcode=entry.barcode,
        place=kiosk.place,
        may_renew=False,
        happened_at=entry.happened_at,
        due_at=entry.due_at,
        request=key,
    )
    return checkout(command, now)


def _card_of(kiosk: Kiosk, entry: Entry, now: datetime) -> str:
    if entry.visit:
        visit = visit_that_was(entry.visit)
        return visit.card_number if visit is not None else ""
    if not looks_like_code(entry.card):
        return entry.card
    is_first_book = is_first(_STAY, _key_of_stay(kiosk, entry), now, now + _STAY_KEPT)
    found = read_code_later(entry.card, entry.happened_at, now)
    if isinstance(found, Refusal):
        return entry.card  # nobody's card has this number: staff are told so
    if found.conflict and (is_first_book or found.conflict != "phone_code_used"):
        record_conflict(
            entry.verb,
            found.conflict,
            kiosk.place,
            entry.happened_at,
            now,
            card_number=found.card_number,
            barcode=entry.barcode,
        )
    return found.card_number


def _key_of_stay(kiosk: Kiosk, entry: Entry) -> bytes:
    parts = (str(kiosk.device_id).encode(), entry.stay.encode(), entry.card.encode())
    return keyed_hash(settings.SHUFANG_PIN_KEY, b"kiosk stay", *parts)
