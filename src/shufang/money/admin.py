"""Money in the admin: to look at only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from shufang.audit.admin_pages import ReadOnlyPage, WatchedPage
from shufang.kernel.clock import now
from shufang.money.models import Charge, Deposit, OnlinePayment, Payment, ProviderReport, RefundDue, Settlement
from shufang.money.settle_report import SettleReport, settle_report


@admin.register(Charge)
class ChargePage(WatchedPage[Charge]):
    """What is or was owed."""

    list_display = ("id", "library", "kind", "amount", "settled", "created_at", "settled_at")
    list_filter = ("kind", "library", ("settled_at", admin.EmptyFieldListFilter))
    list_select_related = ("library",)
    ordering = ("-id",)


@admin.register(Payment)
class PaymentPage(WatchedPage[Payment]):
    """Money that came in or went back."""

    list_display = ("id", "at", "amount", "method", "branch", "device", "scope", "reference")
    list_filter = ("method", "branch")
    list_select_related = ("branch", "device")
    ordering = ("-id",)


@admin.register(Settlement)
class SettlementPage(ReadOnlyPage[Settlement]):
    """How charges were settled."""

    list_display = ("id", "at", "charge", "kind", "amount", "payment", "reason")
    list_filter = ("kind",)
    list_select_related = ("charge", "payment")
    ordering = ("-id",)


@admin.register(Deposit)
class DepositPage(WatchedPage[Deposit]):
    """Deposits held and given back."""

    list_display = ("id", "library", "amount", "paid_at", "refunded_at", "kept")
    list_filter = ("library", ("refunded_at", admin.EmptyFieldListFilter))
    list_select_related = ("library",)
    ordering = ("-id",)


@admin.register(RefundDue)
class RefundDuePage(WatchedPage[RefundDue]):
    """Money owed back."""

    list_display = ("id", "library", "amount", "created_at", "refund")
    list_filter = ("library", ("refund", admin.EmptyFieldListFilter))
    list_select_related = ("library", "refund")
    ordering = ("-id",)


@admin.register(OnlinePayment)
class OnlinePaymentPage(WatchedPage[OnlinePayment]):
    """Payments through a provider, also those that came to nothing."""

    list_display = ("id", "started_at", "provider", "purpose", "amount", "status", "ended_at", "branch", "device")
    list_filter = ("status", "purpose", "provider", "branch")
    list_select_related = ("branch", "device")
    ordering = ("-id",)


@admin.register(ProviderReport)
class ProviderReportPage(ReadOnlyPage[ProviderReport]):
    """What providers told us. Money that could not be counted waits here for somebody to look into it."""

    list_display = ("first_at", "provider", "is_paid", "amount", "code", "times", "needs_staff", "settled_at")
    list_filter = ("needs_staff", ("settled_at", admin.EmptyFieldListFilter), "code", "provider")
    actions = ("settle",)
    ordering = ("-id",)

    @admin.action(description="Settle: the money has been looked into", permissions=["view"])
    def settle(self, request: HttpRequest, rows: QuerySet[ProviderReport]) -> None:
        """Mark reports as settled; who did it stands in the audit trail."""
        for report_id in rows.values_list("pk", flat=True):
            settle_report(SettleReport(report_id, request.user.pk or 0, request.user.get_username()), now())
