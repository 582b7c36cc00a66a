"""Staff have looked into money that a provider reported and that could not be counted."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shufang.audit.trail import record
from shufang.kernel.refusal import Refusal
from shufang.money.models import ProviderReport


@dataclass(frozen=True, slots=True)
class SettleReport:
    """Who looked into which report."""

    report_id: int
    user_id: int
    user_name: str = ""


@dataclass(frozen=True, slots=True)
class ReportSettled:
    """The report that waits no more."""

    report_id: int


def settle_report(command: SettleReport, now: datetime) -> ReportSettled | Refusal:
    """Settle, once. Refuses report_unknown: none waits under this id."""
    with transaction.atomic():
        waiting = ProviderReport.objects.filter(pk=command.report_id, needs_staff=True, settled_at__isnull=True)
        if not waiting.update(settled_at=now):
            return Refusal("report_unknown")
        record(command.user_id, command.user_name, "settle", "providerreport", command.report_id, "", now)
        return ReportSettled(command.report_id)
