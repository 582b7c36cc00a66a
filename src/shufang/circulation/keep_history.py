"""A reader lets his history be kept, stops that, or has it erased (PRIVACY.md 5). Both at his word alone, shown by card and PIN."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.circulation.borrower import find_patron_id, lock_borrower, raise_revision
from shufang.circulation.models import History
from shufang.circulation.place import PinCheck
from shufang.circulation.rules.placing_hold import identity_refusal
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import HistoryConsent, Patron


@dataclass(frozen=True, slots=True)
class KeepHistory:
    """From now on what the reader returns is kept for him."""

    card_number: str
    pin: PinCheck = PinCheck.NOT_ASKED


@dataclass(frozen=True, slots=True)
class StopHistory:
    """From now on nothing more is kept; what is there stays until it is erased."""

    card_number: str
    pin: PinCheck = PinCheck.NOT_ASKED


@dataclass(frozen=True, slots=True)
class EraseHistory:
    """What was kept is erased, and nothing more is kept; with `goes_on` the consent stands for what comes.

    `only`: these lines alone, of this reader; then the consent stays as it is.
    """

    card_number: str
    pin: PinCheck = PinCheck.NOT_ASKED
    goes_on: bool = False
    only: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryChanged:
    """Whether a history is kept now, and how many lines are gone."""

    patron_id: int
    patron_revision: int
    keeps_history: bool
    erased: int = 0


def keep_history(command: KeepHistory, now: datetime) -> HistoryChanged | Refusal:
    """Keep. Refuses card_unknown, and a card that is not good any more or a wrong PIN. A second consent is the first."""
    with transaction.atomic():
        patron = _patron(command)
        if isinstance(patron, Refusal):
            return patron
        if not patron.keeps_history:
            HistoryConsent.objects.create(patron=patron, given_at=now)
            patron.keeps_history = True
            patron.save(update_fields=["keeps_history"])
        return HistoryChanged(patron.pk, raise_revision(patron), keeps_history=True)


def stop_history(command: StopHistory, now: datetime) -> HistoryChanged | Refusal:
    """Keep nothing more. Refuses as `keep_history`. Without a consent nothing changes."""
    with transaction.atomic():
        patron = _patron(command)
        if isinstance(patron, Refusal):
            return patron
        _withdraw(patron, now)
        return HistoryChanged(patron.pk, raise_revision(patron), keeps_history=False)


def erase_history(command: EraseHistory, now: datetime) -> HistoryChanged | Refusal:
    """Erase. Refuses as `keep_history`. That a consent once stood remains on record, what was read does not."""
    with transaction.atomic():
        patron = _patron(command)
        if isinstance(patron, Refusal):
            return patron
        lines = History.objects.filter(patron=patron)
        erased, _ = (lines.filter(pk__in=command.only) if command.only else lines).delete()
        if not (command.goes_on or command.only):
            _withdraw(patron, now)
        return HistoryChanged(patron.pk, raise_revision(patron), patron.keeps_history, erased)


def _withdraw(patron: Patron, now: datetime) -> None:
    patron.history_consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    patron.keeps_history = False
    patron.save(update_fields=["keeps_history"])


def _patron(command: KeepHistory | StopHistory | EraseHistory) -> Patron | Refusal:
    patron_id = find_patron_id(command.card_number)
    if patron_id is None:
        return Refusal("card_unknown", {"card_number": command.card_number})
    borrower = lock_borrower(command.card_number, patron_id)
    return identity_refusal(borrower.facts(command.pin)) or borrower.patron
