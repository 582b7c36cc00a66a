"""What happened, what was reported against the books, and which clock was wrong."""

from django.db import models

from shufang.branches.models import Branch, Device
from shufang.catalogue.models import Item, Title
from shufang.circulation.models.policies import Policy
from shufang.patrons.models import CardKind


class Event(models.Model):
    """What happened, append-only (a trigger holds it), never with a patron or a card (PRIVACY.md 1)."""

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=24)
    user_id = models.BigIntegerField(null=True)
    device = models.ForeignKey(
        Device, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    branch = models.ForeignKey(
        Branch, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    item = models.ForeignKey(
        Item, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="events"
    )
    title = models.ForeignKey(
        Title, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    policy = models.ForeignKey(
        Policy, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    loan_id = models.BigIntegerField(null=True)
    card_kind = models.ForeignKey(
        CardKind, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    age_band = models.CharField("0-6, 7-12, 13-17, 18-59, 60+, empty: unknown", max_length=5, blank=True)
    detail = models.CharField(
        "old and new status, amount, code of an override …; never about a person", max_length=255, blank=True
    )

    class Meta:
        indexes = [models.Index(fields=["item", "id"], name="event_newest_of_item")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class Conflict(models.Model):
    """What a no-block request or an offline queue reported that the books contradict: for staff to settle."""

    at = models.DateTimeField()
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=24)
    code = models.CharField("the refusal's code that would have been given", max_length=40)
    happened_at = models.DateTimeField("as the terminal said")
    card_number = models.CharField("as the terminal said; erased when settled", max_length=60, blank=True)
    barcode = models.CharField("as the terminal said; erased when settled", max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_user_id = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], condition=models.Q(settled_at__isnull=True), name="conflicts_open")]

    def __str__(self) -> str:
        return f"{self.verb} {self.code}"


class ClockCorrection(models.Model):
    """That a person set the clock right at a moment: events up to `last_event_id` that lie after it are of a wrong clock."""

    at = models.DateTimeField()
    last_event_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
