"""The audit trail in the admin."""

from django.contrib import admin

from shufang.audit.admin_pages import ReadOnlyPage
from shufang.audit.models import Entry


@admin.register(Entry)
class EntryPage(ReadOnlyPage[Entry]):
    """Who looked at or overrode what."""

    list_display = ("at", "user_name", "action", "subject_kind", "subject_id", "reason")
    list_filter = ("action", "subject_kind")
    search_fields = ("user_name", "=subject_id")
    ordering = ("-id",)
