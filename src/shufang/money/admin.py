"""Money in the admin: to look at only."""

from django.contrib import admin

from shufang.audit.admin_pages import ReadOnlyPage, WatchedPage
from shufang.money.models import Charge, Deposit, Payment, RefundDue, Settlement


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
