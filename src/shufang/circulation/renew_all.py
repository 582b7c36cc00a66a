"""Lengthen all loans of a reader that may be."""

from dataclasses import dataclass
from datetime import datetime

from shufang.branches.replies import RequestKey
from shufang.circulation.place import PinCheck, Place
from shufang.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class RenewAll:
    """A reader keeps everything longer."""

    card_number: str
    place: Place
    pin: PinCheck = PinCheck.NOT_ASKED
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class RenewedLoan:
    """One loan that was renewed."""

    barcode: str
    title: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class UnrenewedLoan:
    """One loan that was not, and why."""

    barcode: str
    title: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class AllRenewed:
    """What became of each loan, in the order of due dates."""

    patron_id: int
    patron_revision: int
    renewed: tuple[RenewedLoan, ...]
    unrenewed: tuple[UnrenewedLoan, ...]
