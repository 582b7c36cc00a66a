"""Holds, and the items that travel for them or home."""

from django.db import models

from shufang.branches.models import Branch
from shufang.catalogue.models import Item, Title
from shufang.patrons.models import Patron


class Hold(models.Model):
    """A patron's reservation. Queue order is (`queued_at`, `id`). `patron` is emptied when it ends."""

    class Status(models.TextChoices):
        """WAITING has no item yet; TRAPPED: its item lies at an unattended device, waiting for the second scan."""

        WAITING = "waiting"
        TRAPPED = "trapped"
        IN_TRANSIT = "in_transit"
        READY = "ready"
        FULFILLED = "fulfilled"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    patron = models.ForeignKey(Patron, models.PROTECT, null=True, blank=True, related_name="holds")
    title = models.ForeignKey(Title, models.PROTECT, related_name="holds")
    volume = models.CharField("only this part of a set", max_length=80, blank=True)
    wanted_item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    pickup_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    placed_at = models.DateTimeField()
    queued_at = models.DateTimeField("place in the queue; a second chance sets it to the moment of the missed pick-up")
    suspended_until = models.DateField("last day of a suspension", null=True, blank=True)
    is_suspended = models.BooleanField(default=False)
    not_needed_after = models.DateField(null=True, blank=True)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="holds", verbose_name="assigned item"
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    pickup_until = models.DateTimeField(null=True, blank=True)
    had_second_chance = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(status__in=["trapped", "in_transit", "ready"]),
                name="one_hold_an_assigned_item",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["fulfilled", "cancelled", "expired"], patron__isnull=True, ended_at__isnull=False
                )
                | models.Q(
                    status__in=["waiting", "trapped", "in_transit", "ready"],
                    patron__isnull=False,
                    ended_at__isnull=True,
                ),
                name="hold_patron_while_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["title", "queued_at", "id"], condition=models.Q(patron__isnull=False), name="hold_queue"
            ),
            models.Index(fields=["patron"], condition=models.Q(patron__isnull=False), name="holds_of_a_patron"),
        ]

    def __str__(self) -> str:
        return f"{self.title_id} at {self.pickup_branch_id}"


class Transit(models.Model):
    """An item on its way between branches; open while `received_at` is empty. Its id is the number on the slip."""

    class Reason(models.TextChoices):
        """Why it travels."""

        HOLD = "hold"
        HOME = "home"
        MOVE = "move"

    item = models.ForeignKey(Item, models.PROTECT, related_name="transits")
    origin = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    destination = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=5, choices=Reason)
    hold = models.ForeignKey(Hold, models.SET_NULL, null=True, blank=True, related_name="transits")
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(received_at__isnull=True), name="one_open_transit_an_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.origin_id} → {self.destination_id}"
