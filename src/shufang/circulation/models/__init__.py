"""Loans, holds, transits, the rules they follow, and the events that tell what happened."""

from shufang.circulation.models.events import ClockCorrection, Conflict, Event
from shufang.circulation.models.holds import Hold, Transit
from shufang.circulation.models.loans import History, LastPatron, Loan, ReaderMonth, ReaderMonthCount
from shufang.circulation.models.policies import Agreement, Limit, Policy, RulesStamp

__all__ = (
    "Agreement",
    "ClockCorrection",
    "Conflict",
    "Event",
    "History",
    "Hold",
    "LastPatron",
    "Limit",
    "Loan",
    "Policy",
    "ReaderMonth",
    "ReaderMonthCount",
    "RulesStamp",
    "Transit",
)
