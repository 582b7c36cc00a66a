"""Staff accounts and organisations in the admin. Only a librarian may be let into the admin itself."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from shufang.accounts.models import Organisation, User
from shufang.audit.admin_pages import EnduringPage

if TYPE_CHECKING:
    _UserForm = UserChangeForm[User]
    _UserAdmin = UserAdmin[User]
else:
    _UserForm = UserChangeForm
    _UserAdmin = UserAdmin


class StaffForm(_UserForm):
    """The form of a member of staff."""

    def clean(self) -> dict[str, object]:
        """Refuse to let anybody but a librarian into the admin."""
        values: dict[str, object] = super().clean() or self.cleaned_data
        if (values.get("is_staff") or values.get("is_superuser")) and values.get("role") != User.Role.LIBRARIAN:
            raise ValidationError("Only a librarian may enter the admin.")
        return values


@admin.register(User)
class UserPage(_UserAdmin):
    """Members of staff; nobody is deleted, whom the audit trail names."""

    form = StaffForm
    list_display = ("username", "first_name", "organisation", "role", "is_staff", "is_active")
    list_filter = ("role", "organisation", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "language")}),
        ("Work", {"fields": ("organisation", "role", "is_active", "is_staff", "is_superuser")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """Forbid."""
        return False


@admin.register(Organisation)
class OrganisationPage(EnduringPage[Organisation]):
    """Libraries, operators, the district."""

    list_display = ("code", "name", "kind")
    list_filter = ("kind",)
