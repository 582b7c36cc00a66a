"""A guardian renews what a child has out. That he answers for it, and that it is a minor still, is asked each time."""

from dataclasses import dataclass
from datetime import datetime

from shufang.branches.replies import Repeated
from shufang.circulation.conflicts import Reported
from shufang.circulation.local_days import local_day
from shufang.circulation.models import Loan
from shufang.circulation.place import Place
from shufang.circulation.renew import Renew, Renewed, renew
from shufang.circulation.renew_all import AllRenewed, RenewAll, renew_all
from shufang.kernel.refusal import Refusal
from shufang.patrons.guardians import ward_of
from shufang.patrons.sessions import present_card


@dataclass(frozen=True, slots=True)
class RenewForWard:
    """One loan of the child."""

    guardian_id: int
    ward_id: int
    loan_id: int


@dataclass(frozen=True, slots=True)
class RenewAllForWard:
    """All that the child has out, at the place where one of its books was lent."""

    guardian_id: int
    ward_id: int


def renew_for_ward(command: RenewForWard, now: datetime) -> Renewed | Refusal | Reported | Repeated:
    """Renew. Refuses not_your_ward, not_on_loan, and as `renew` for the child's own card."""
    card_number = _card_number(command, now)
    if isinstance(card_number, Refusal):
        return card_number
    loans = Loan.objects.filter(patron_id=command.ward_id, pk=command.loan_id)
    loan = loans.values_list("item__barcode", "calendar_branch_id").first()
    if loan is None:
        return Refusal("not_on_loan")
    barcode, branch_id = loan
    place = Place(branch_id, is_attended=False)
    return renew(Renew(card_number, place, barcode=barcode, third_party=True), now)


def renew_all_for_ward(command: RenewAllForWard, now: datetime) -> AllRenewed | Refusal | Repeated:
    """Renew all that may be. Refuses not_your_ward, not_on_loan (nothing is out), and as `renew_all`."""
    card_number = _card_number(command, now)
    if isinstance(card_number, Refusal):
        return card_number
    loans = Loan.objects.filter(patron_id=command.ward_id).order_by("due_at", "pk")
    branch_id = loans.values_list("calendar_branch_id", flat=True).first()
    if branch_id is None:
        return Refusal("not_on_loan")
    return renew_all(RenewAll(card_number, Place(branch_id, is_attended=False)), now)


def _card_number(command: RenewForWard | RenewAllForWard, now: datetime) -> str | Refusal:
    if ward_of(command.guardian_id, command.ward_id, local_day(now)) is None:
        return Refusal("not_your_ward")
    return present_card(command.ward_id)
