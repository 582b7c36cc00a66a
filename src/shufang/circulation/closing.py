"""Closing a loan: it is cut from its reader in the same transaction; what it cost, and what he wants kept, is written."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from shufang.circulation.local_days import local_day
from shufang.circulation.models import Loan, Policy
from shufang.circulation.policies import Rules, policy_terms
from shufang.circulation.queries import recording
from shufang.circulation.queries.recording import Write
from shufang.circulation.queries.returning import Borrowed, Returning
from shufang.circulation.rules.lending import OpenLoan
from shufang.circulation.rules.overdue import overdue_charge
from shufang.circulation.rules.policy_choice import PolicyTerms
from shufang.kernel.money import ZERO, amount
from shufang.money.cancel_charge import cancel_charges_of_loan
from shufang.money.charges import raise_charge
from shufang.money.models import Charge
from shufang.patrons.models import HistoryConsent


def policy_of_loan(rules: Rules, loan: OpenLoan) -> PolicyTerms:
    """Return the policy that a loan follows (its row can never be deleted)."""
    policy = rules.policies.get(loan.policy_id)
    return policy if policy is not None else policy_terms(Policy.objects.get(pk=loan.policy_id))


def charge_for_delay(
    item_id: int, library_id: int, loan: OpenLoan, rules: Rules, until: datetime, now: datetime
) -> Decimal:
    """Charge a loan's patron (locked) for the days overdue until `until`; return what it came to, at most the cap."""
    policy = policy_of_loan(rules, loan)
    due, day, is_open = local_day(loan.due_at), local_day(until), rules.is_open(loan.calendar_branch_id)
    charge = overdue_charge(policy, due, day, is_open)
    if charge == 0:
        return ZERO
    if loan.renewals or loan.status != Loan.Status.OPEN:
        charge = overdue_charge(policy, due, day, is_open, _charged(loan.loan_id))
    raise_charge(loan.patron_id, library_id, Charge.Kind.OVERDUE, charge, now, item_id=item_id, loan_id=loan.loan_id)
    return charge


def _charged(loan_id: int) -> Decimal:
    charges = Charge.objects.filter(loan_id=loan_id, kind=Charge.Kind.OVERDUE)
    return amount(charges.aggregate(sum=Sum("amount"))["sum"] or ZERO)


def _consented_later(patron_id: int, returned_at: datetime, now: datetime) -> bool:
    """Say whether the consent to a history is younger than a backdated return. One query, for those alone."""
    if returned_at >= now:
        return False
    return HistoryConsent.objects.filter(
        patron_id=patron_id, withdrawn_at__isnull=True, given_at__gt=returned_at
    ).exists()


def close(
    item: Returning, borrowed: Borrowed, rules: Rules, branch_id: int, returned_at: datetime, now: datetime
) -> tuple[list[Write], Decimal]:
    """Charge for the delay, cancel the price of what was lost, and return the statements that close the loan."""
    loan = borrowed.loan
    policy = policy_of_loan(rules, loan)
    until = returned_at
    if loan.status == Loan.Status.CLAIMED_RETURNED:
        until = min(until, item.status_since)
    charge = charge_for_delay(item.item_id, item.library_id, loan, rules, until, now)
    if loan.status != Loan.Status.OPEN and now - item.status_since <= timedelta(days=policy.lost_refunds_days):
        cancel_charges_of_loan(loan.loan_id, [Charge.Kind.LOST], now, "returned")
    writes = [
        recording.closed_loan(loan.loan_id, returned_at, branch_id),
        recording.raised_revision(loan.patron_id),
    ]
    if borrowed.keeps_history and not _consented_later(loan.patron_id, returned_at, now):
        writes.append(recording.history(loan.patron_id, item.title_id, loan.borrowed_at, returned_at))
    if policy.damage_claim_days:
        until_day = local_day(now) + timedelta(days=policy.damage_claim_days)
        writes.append(recording.last_patron(item.item_id, loan.patron_id, until_day))
    return writes, charge
