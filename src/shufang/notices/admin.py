"""The outbox in the admin: to look at only."""

from django.contrib import admin

from shufang.audit.admin_pages import ReadOnlyPage
from shufang.notices.models import Notice


@admin.register(Notice)
class NoticePage(ReadOnlyPage[Notice]):
    """Messages waiting, sent, dropped; they name nobody."""

    list_display = ("id", "template", "channel", "state", "created_at", "tries", "sent_at", "error")
    list_filter = ("state", "template")
    ordering = ("-id",)
