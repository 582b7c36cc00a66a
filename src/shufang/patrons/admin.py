"""Readers and cards in the admin: to look at, each look written down. Registration's verbs alone change them."""

from django.contrib import admin

from shufang.audit.admin_pages import EnduringPage, WatchedPage
from shufang.patrons.models import Block, Card, CardKind, Patron


@admin.register(Patron)
class PatronPage(WatchedPage[Patron]):
    """People with a card. Hashes of PIN and identity are never shown, and never what somebody reads."""

    list_display = ("id", "name", "language", "home_branch", "created_at", "closed_at")
    list_filter = ("home_branch", "language")
    list_select_related = ("home_branch",)
    search_fields = ("=cards__number", "name")
    search_help_text = "card number or name"
    fields = (
        "name", "birth_date", "language", "phone", "email", "address", "notes", "identity_kind", "identity_mask",
        "pin_must_change", "keeps_history", "home_branch", "created_at", "closed_at",
    )  # fmt: skip
    ordering = ("-id",)


@admin.register(Card)
class CardPage(WatchedPage[Card]):
    """Cards and where they stand in their life."""

    list_display = ("number", "kind", "status", "library", "issued_at", "expires_on")
    list_filter = ("status", "kind", "library")
    list_select_related = ("kind", "library")
    search_fields = ("=number",)
    ordering = ("-id",)


@admin.register(Block)
class BlockPage(WatchedPage[Block]):
    """Manual blocks; they are placed and lifted by the desk's verbs."""

    list_display = ("id", "reason", "placed_at", "lifted_at", "card_retained")
    list_filter = ("card_retained",)
    ordering = ("-id",)


@admin.register(CardKind)
class CardKindPage(EnduringPage[CardKind]):
    """Kinds of cards with their deposits."""

    list_display = ("code", "name", "deposit", "can_borrow", "is_child", "least_age", "most_age", "valid_days")
