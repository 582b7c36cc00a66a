"""What all pages of the admin share: most are read-only, and a look at what concerns a person is written down."""

from typing import TYPE_CHECKING, TypeVar

from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from shufang.audit.trail import record
from shufang.kernel.clock import now

M = TypeVar("M", bound=Model)

if TYPE_CHECKING:

    class Page(admin.ModelAdmin[M]):
        """An admin page; at run time Django's class takes no type argument."""

else:

    class Page(admin.ModelAdmin):
        """An admin page; `Page[Title]` is for type checkers."""

        def __class_getitem__(cls, _model: type[Model]) -> type["Page"]:
            """Return the class itself."""
            return cls


class EnduringPage(Page[M]):
    """Rows that may be added and changed but never deleted: others hang on them."""

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002
        """Forbid."""
        return False


class ReadOnlyPage(EnduringPage[M]):
    """Rows that only the verbs may write."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Forbid."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002
        """Forbid."""
        return False


class WatchedPage(ReadOnlyPage[M]):
    """Rows that tell of a person: each look at one is an entry of the audit trail, before anything is shown."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Write the look down, then show."""
        found = self.get_object(request, object_id)
        if found is not None:
            look(request.user, self.opts.model_name or "", int(found.pk))
        return super().change_view(request, object_id, form_url, extra_context)


def look(user: AbstractBaseUser | AnonymousUser, subject_kind: str, subject_id: int) -> None:
    """Write down that a member of staff looked at something in the admin."""
    record(user.pk, user.get_username(), "look", subject_kind, subject_id, "admin", now())
