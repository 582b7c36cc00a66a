"""Libraries, branches, closing days, machines and kiosks signed in, in the admin. What a machine was answered is not shown."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from shufang.audit.admin_pages import EnduringPage, Page
from shufang.branches.devices import allowed_networks, hash_password
from shufang.branches.models import Branch, ClosingDays, Device, DeviceSession, Library


@admin.register(Library)
class LibraryPage(EnduringPage[Library]):
    """Institutions that own books."""

    list_display = ("code", "name", "isil", "organisation")


@admin.register(Branch)
class BranchPage(EnduringPage[Branch]):
    """Places of the network."""

    list_display = ("code", "name", "kind", "library", "operator", "always_open", "is_pickup", "is_enabled")
    list_filter = ("kind", "library")


@admin.register(ClosingDays)
class ClosingDaysPage(Page[ClosingDays]):
    """Days on which a branch is closed, or open against its rule."""

    list_display = ("branch", "first", "last", "is_open", "reason")
    list_filter = ("branch",)
    ordering = ("-first",)


class DeviceForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no type argument at run time
    """The form of a machine. A password is only ever set, never shown."""

    new_password = forms.CharField(required=False, strip=False, widget=forms.PasswordInput)

    class Meta:
        model = Device
        fields = (
            "account", "name", "kind", "branch", "new_password", "encoding", "dialect", "allowed_addresses", "is_bound",
            "is_attended", "needs_pin", "agent", "lends_offline", "offline_loans", "offline_hours", "is_enabled",
        )  # fmt: skip

    def clean_allowed_addresses(self) -> str:
        """Refuse what is no address or network."""
        text: str = self.cleaned_data["allowed_addresses"]
        try:
            allowed_networks(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return text

    def clean(self) -> dict[str, object]:
        """Refuse to bind a machine to more than one address."""
        values: dict[str, object] = super().clean() or self.cleaned_data
        if values.get("is_bound") and "allowed_addresses" in values:
            networks = allowed_networks(str(values["allowed_addresses"]))
            if len(networks) != 1 or networks[0].num_addresses != 1:
                raise ValidationError("A machine is bound to exactly one address.")
        return values


@admin.register(Device)
class DevicePage(EnduringPage[Device]):
    """Machines with their accounts."""

    form = DeviceForm
    list_display = ("account", "name", "kind", "branch", "encoding", "dialect", "is_attended", "is_enabled")
    list_filter = ("kind", "branch", "is_enabled")

    def save_model(self, request: HttpRequest, obj: Device, form: DeviceForm, change: bool) -> None:  # noqa: FBT001  # Django's signature
        """Keep the new password, if one was given, as its hash."""
        password = form.cleaned_data.get("new_password")
        if password:
            obj.password_hash = hash_password(str(password))
        super().save_model(request, obj, form, change)


@admin.register(DeviceSession)
class DeviceSessionPage(Page[DeviceSession]):
    """Browsers signed in as kiosks; deleting one signs it out."""

    list_display = ("device", "address", "created_at", "seen_at")
    list_filter = ("device",)
    fields = ("device", "address", "created_at", "seen_at")
    readonly_fields = fields
    ordering = ("-seen_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Forbid: a kiosk signs in at its own screen."""
        return False
