"""Ranges, offers and terms in the admin, and what staff settle between us and the card centre."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from shufang.audit.admin_pages import EnduringPage, Page, ReadOnlyPage, WatchedPage
from shufang.kernel.clock import now
from shufang.kernel.refusal import Refusal
from shufang.registration.authority.conflicts import SettleCityConflict, settle_city_conflict
from shufang.registration.authority.models import CardCentre, CityCard, CityConflict, Errand
from shufang.registration.models import CardOffer, CardStation, NumberRange, Terms, TermsAgreed


class NumberRangeForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no argument at run time
    """Numbers that fit their width, and that no other range has."""

    def clean(self) -> dict[str, object]:
        """Refuse a last number that is too long, and numbers that another range gives."""
        told: dict[str, object] = super().clean() or {}
        prefix, width, first, last = (told.get(name) for name in ("prefix", "width", "first", "last"))
        if not (isinstance(width, int) and isinstance(first, int) and isinstance(last, int)):
            return told
        if len(str(last)) > width:
            self.add_error("last", "It has more digits than the width.")
        others = NumberRange.objects.filter(prefix=str(prefix or ""), width=width, first__lte=last, last__gte=first)
        if others.exclude(pk=self.instance.pk).exists():
            self.add_error("first", "Another range gives some of these numbers.")
        return told


@admin.register(NumberRange)
class NumberRangePage(EnduringPage[NumberRange]):
    """Numbers for cards. What a range has given stays given: its beginning and its next number are never changed."""

    form = NumberRangeForm
    list_display = ("__str__", "library", "device", "next_number", "left", "is_enabled")
    list_filter = ("library", "is_enabled")
    list_select_related = ("library", "device")
    fields = ("library", "device", "prefix", "width", "first", "last", "warn_below", "is_enabled")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Let only the end, the warning and the switch of a range be changed once it stands."""
        return ("library", "device", "prefix", "width", "first") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: NumberRange, form: object, change: bool) -> None:  # noqa: FBT001  # Django's own signature
        """Begin a new range with its first number."""
        if not change:
            obj.next_number = obj.first
        super().save_model(request, obj, form, change)

    @admin.display(description="left")
    def left(self, found: NumberRange) -> int:
        """Return how many numbers are left."""
        return found.last - found.next_number + 1


@admin.register(CardOffer)
class CardOfferPage(Page[CardOffer]):
    """Kinds that a library's machines give."""

    list_display = ("library", "kind", "position", "contact", "can_be_printed", "replacement_fee", "is_enabled")
    list_filter = ("library",)
    list_select_related = ("library", "kind")


@admin.register(Terms)
class TermsPage(EnduringPage[Terms]):
    """Terms in their versions. A text is added, never changed."""

    list_display = ("kind", "version", "valid_from", "heading")
    list_filter = ("kind",)
    ordering = ("-valid_from", "kind")

    def has_change_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:  # noqa: ARG002
        """Forbid: somebody may have agreed to it."""
        return False


@admin.register(TermsAgreed)
class TermsAgreedPage(WatchedPage[TermsAgreed]):
    """Who agreed to which version, and when."""

    list_display = ("id", "terms", "at", "language", "device")
    list_filter = ("terms",)
    list_select_related = ("terms", "device")
    ordering = ("-id",)


@admin.register(Errand)
class ErrandPage(ReadOnlyPage[Errand]):
    """What the card centre was told, and what it has not been told yet."""

    list_display = ("id", "verb", "made_at", "state", "failures", "code", "answered_at")
    list_filter = ("state", "verb")
    fields = ("verb", "made_at", "state", "failures", "code", "answered_at")
    ordering = ("-id",)


@admin.register(CardCentre)
class CardCentrePage(ReadOnlyPage[CardCentre]):
    """How the line to the card centre is."""

    list_display = ("__str__", "heard_at", "read_at", "away_since", "try_after", "reason")


@admin.register(CityCard)
class CityCardPage(WatchedPage[CityCard]):
    """What the centre said last about a card, and when: so old is what is known here of it, or as old as the last reading."""

    list_display = ("id", "status", "deposit", "is_of_another", "revision", "asked_at")
    list_filter = ("status", "is_of_another")
    search_fields = ("=card__number",)
    fields = ("card", "status", "deposit", "is_of_another", "revision", "asked_at")
    ordering = ("asked_at",)


@admin.register(CardStation)
class CardStationPage(Page[CardStation]):
    """Kiosks with a document reader and a card printer, and where their program answers."""

    list_display = ("device", "agent", "is_enabled")
    list_select_related = ("device",)


@admin.register(CityConflict)
class CityConflictPage(WatchedPage[CityConflict]):
    """What the card centre and we do not agree on."""

    list_display = ("id", "at", "code", "told", "errand", "settled_at")
    list_filter = (("settled_at", admin.EmptyFieldListFilter), "code")
    list_select_related = ("errand",)
    actions = ("settle", "tell_again")
    ordering = ("-id",)

    @admin.action(description="Settle: staff have dealt with it", permissions=["view"])
    def settle(self, request: HttpRequest, rows: QuerySet[CityConflict]) -> None:
        """End these conflicts; the centre is not told again."""
        self._settle(request, rows, sends_again=False)

    @admin.action(description="Tell the centre again", permissions=["view"])
    def tell_again(self, request: HttpRequest, rows: QuerySet[CityConflict]) -> None:
        """End these conflicts and run their errands once more."""
        self._settle(request, rows, sends_again=True)

    def _settle(self, request: HttpRequest, rows: QuerySet[CityConflict], *, sends_again: bool) -> None:
        for conflict in rows:
            command = SettleCityConflict(
                conflict.pk, request.user.pk or 0, request.user.get_username(), "admin", sends_again=sends_again
            )
            if isinstance(settle_city_conflict(command, now()), Refusal):
                self.message_user(request, f"{conflict.pk}: settled already", messages.WARNING)
