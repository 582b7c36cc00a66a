"""Rules, loans, holds and events in the admin. Rules may be changed; what happened may not."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from shufang.audit.admin_pages import EnduringPage, Page, ReadOnlyPage, WatchedPage
from shufang.circulation.models import (
    Agreement,
    Conflict,
    Event,
    Hold,
    Limit,
    Loan,
    Policy,
    ReaderMonthCount,
    Transit,
)
from shufang.kernel.clock import now


@admin.register(Policy)
class PolicyPage(EnduringPage[Policy]):
    """Dated lending rules; loans name theirs, so a new rule is a new row."""

    list_display = (
        "library", "card_kind", "item_kind", "valid_from", "loan_days", "renewals", "renewal_days", "overdue_a_day",
        "overdue_cap",
    )  # fmt: skip
    list_filter = ("library", "card_kind", "item_kind")
    list_select_related = ("library", "card_kind", "item_kind")


@admin.register(Limit)
class LimitPage(Page[Limit]):
    """How much a card kind allows."""

    list_display = ("card_kind", "counts", "group", "most")
    list_filter = ("card_kind", "counts")
    list_select_related = ("card_kind", "group")


@admin.register(Agreement)
class AgreementPage(Page[Agreement]):
    """What libraries let be done with their items at others'."""

    list_display = ("owner", "at_library", "valid_from", "lends", "returns")
    list_select_related = ("owner", "at_library")


@admin.register(Event)
class EventPage(ReadOnlyPage[Event]):
    """What happened, newest first; it never names a reader."""

    list_display = ("at", "verb", "branch", "device", "item", "title", "detail")
    list_filter = ("verb", "branch")
    list_select_related = ("branch", "device", "item", "title")
    search_fields = ("=item__barcode",)
    ordering = ("-id",)


@admin.register(Loan)
class LoanPage(WatchedPage[Loan]):
    """Loans; an open one names its reader on its own page, which is written down, a closed one nobody."""

    list_display = ("item", "library", "status", "borrowed_at", "due_at", "renewals", "returned_at")
    list_filter = ("status", "library")
    list_select_related = ("item", "library")
    search_fields = ("=item__barcode",)
    ordering = ("-id",)


@admin.register(Hold)
class HoldPage(WatchedPage[Hold]):
    """Reservations."""

    list_display = ("id", "title", "pickup_branch", "status", "queued_at", "item", "pickup_until")
    list_filter = ("status", "pickup_branch")
    list_select_related = ("title", "pickup_branch", "item")
    ordering = ("-id",)


@admin.register(Transit)
class TransitPage(ReadOnlyPage[Transit]):
    """Items under way."""

    list_display = ("id", "item", "origin", "destination", "reason", "sent_at", "received_at")
    list_filter = ("destination", ("received_at", admin.EmptyFieldListFilter))
    list_select_related = ("item", "origin", "destination")
    ordering = ("-id",)


@admin.register(ReaderMonthCount)
class ReaderMonthCountPage(ReadOnlyPage[ReaderMonthCount]):
    """How many different readers a branch had in a month."""

    list_display = ("month", "branch", "readers")


@admin.register(Conflict)
class ConflictPage(WatchedPage[Conflict]):
    """What terminals reported that the books contradict; staff settle it, and then it names nobody any more."""

    list_display = ("at", "verb", "code", "branch", "device", "happened_at", "settled_at")
    list_filter = (("settled_at", admin.EmptyFieldListFilter), "verb", "code")
    list_select_related = ("branch", "device")
    actions = ("settle",)
    ordering = ("-id",)

    @admin.action(description="Settle: staff have looked at it", permissions=["view"])
    def settle(self, request: HttpRequest, rows: QuerySet[Conflict]) -> None:
        """Mark conflicts as settled and erase whom and what they named."""
        rows.filter(settled_at__isnull=True).update(
            settled_at=now(), settled_by_user_id=request.user.pk, card_number="", barcode=""
        )
