"""What an overdue item costs. Pure."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from shufang.branches.open_days import overdue_days
from shufang.circulation.rules.policy_choice import PolicyTerms
from shufang.kernel.money import ZERO, amount


def overdue_charge(
    policy: PolicyTerms, due: date, returned: date, is_open: Callable[[date], bool], charged: Decimal = ZERO
) -> Decimal:
    """Return what is owed for an item due on `due` and returned on `returned` (local days).

    `charged`: what earlier renewals of this loan have cost already; in all a loan costs at most the policy's cap.
    """
    if returned <= due:
        return ZERO
    days = overdue_days(due, returned, is_open, counts_closed_days=policy.counts_closed_days) - policy.grace_days
    if days <= 0:
        return ZERO
    left = max(policy.overdue_cap - charged, ZERO)
    return min(amount(policy.overdue_a_day * days), left)
