"""Titles, items and their kinds in the admin. Records come from MARC files, statuses from the verbs."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from shufang.audit.admin_pages import EnduringPage, ReadOnlyPage
from shufang.catalogue.models import Item, ItemGroup, ItemKind, MainClass, PossibleDuplicate, Title
from shufang.catalogue.search.index import reindex


@admin.register(Title)
class TitlePage(EnduringPage[Title]):
    """Titles: only whether readers see one can be changed here."""

    show_full_result_count = False
    list_display = ("id", "title", "author", "publisher", "year", "main_class", "material", "is_suppressed")
    list_filter = ("material", "main_class", "is_suppressed")
    list_select_related = ("main_class",)
    search_fields = ("title", "author", "=control_number")
    exclude = ("popularity",)
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Forbid: titles come from MARC records."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Title | None = None) -> list[str]:  # noqa: ARG002
        """Return all fields but one."""
        return [field.name for field in self.opts.fields if field.name not in {"is_suppressed", "popularity"}]

    def save_model(self, request: HttpRequest, obj: Title, form: "forms.ModelForm[Title]", change: bool) -> None:  # noqa: FBT001  # Django's signature
        """Save, and put the title into the index or take it out."""
        super().save_model(request, obj, form, change)
        reindex([obj.pk])


@admin.register(Item)
class ItemPage(EnduringPage[Item]):
    """Copies: shelf mark, price, kind and note; where and what it is now only the verbs change."""

    show_full_result_count = False
    list_display = ("barcode", "title", "library", "home_branch", "current_branch", "kind", "call_number", "status")
    list_filter = ("status", "kind", "home_branch")
    list_select_related = ("title", "library", "home_branch", "current_branch", "kind")
    search_fields = ("=barcode",)
    readonly_fields = ("barcode", "title", "current_branch", "status", "status_since", "created_at")
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Forbid: items come from MARC records."""
        return False


@admin.register(ItemKind)
class ItemKindPage(EnduringPage[ItemKind]):
    """What lending rules go by."""

    list_display = ("code", "name", "group", "is_for_loan", "least_age")


@admin.register(ItemGroup)
class ItemGroupPage(EnduringPage[ItemGroup]):
    """What limits count by."""

    list_display = ("code", "name")


@admin.register(MainClass)
class MainClassPage(ReadOnlyPage[MainClass]):
    """The 22 main classes."""

    list_display = ("letter", "name", "name_en")


@admin.register(PossibleDuplicate)
class PossibleDuplicatePage(EnduringPage[PossibleDuplicate]):
    """Titles that share an ISBN, for a librarian to look at and to settle."""

    list_display = ("id", "title", "other", "isbn", "differs_in", "found_at", "settled_at")
    list_filter = (("settled_at", admin.EmptyFieldListFilter),)
    list_select_related = ("title", "other")
    readonly_fields = ("title", "other", "isbn", "differs_in", "found_at")
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Forbid: the loader finds them."""
        return False
