"""Loans, and what is kept of whoever had them."""

from django.db import models
from django.db.models.functions import Coalesce

from shufang.branches.models import Branch, Library
from shufang.catalogue.models import Item, ItemGroup, Title
from shufang.circulation.models.policies import Policy
from shufang.patrons.models import CardKind, Patron


class Loan(models.Model):
    """One lending of an item. `patron` stands only while it is open; closing empties it in the same transaction.

    `calendar_branch` is the lending branch: its calendar moved the due date and counts the overdue days, also when the
    item is returned elsewhere. Each index costs a page in every checkout's commit: an item's open loan, a patron's loans
    and due dates have one; what an item went through is read from its events.
    """

    class Status(models.TextChoices):
        """OPEN, LOST and CLAIMED_RETURNED are open: the patron still answers for the item."""

        OPEN = "open"
        LOST = "lost"
        CLAIMED_RETURNED = "claimed_returned"
        CLOSED = "closed"

    item = models.ForeignKey(Item, models.PROTECT, related_name="loans", db_index=False)
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, blank=True, related_name="loans", db_index=False)
    card_kind = models.ForeignKey(CardKind, models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey(ItemGroup, models.PROTECT, related_name="+", db_index=False)
    library = models.ForeignKey(
        Library, models.PROTECT, related_name="+", verbose_name="owning library", db_index=False
    )
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", db_index=False)
    calendar_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    borrowed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    renewals = models.PositiveSmallIntegerField(default=0)
    renewed_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=~models.Q(status="closed"), name="one_open_loan_an_item"
            ),
            models.CheckConstraint(
                condition=models.Q(status="closed", patron__isnull=True, returned_at__isnull=False)
                | (~models.Q(status="closed") & models.Q(patron__isnull=False, returned_at__isnull=True)),
                name="loan_patron_while_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patron", "group", "due_at"],
                condition=models.Q(patron__isnull=False),
                name="loans_counted_of_a_patron",
            ),
            models.Index(fields=["due_at"], condition=~models.Q(status="closed"), name="loans_by_due_date"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} due {self.due_at:%Y-%m-%d}"


class History(models.Model):
    """What a patron borrowed, written at return only under a consent that stood then; erased on request."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="history")
    title = models.ForeignKey(Title, models.PROTECT, related_name="+")
    borrowed_at = models.DateTimeField()
    returned_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "history"

    def __str__(self) -> str:
        return f"{self.patron_id}"


class LastPatron(models.Model):
    """An item's last patron until a date, only where policy sets days for damage claims; a job erases it."""

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="last_patron")
    patron = models.ForeignKey(Patron, models.CASCADE, related_name="+")
    until = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"{self.item_id}"


class ReaderMonth(models.Model):
    """That a patron borrowed at a branch in a month; no item. Folded into ReaderMonthCount after 13 months."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField("first day of the month, local")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patron", "month", "branch"], name="one_reader_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ReaderMonthCount(models.Model):
    """How many different patrons borrowed at a branch (empty: anywhere) in a month."""

    month = models.DateField()
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+")
    readers = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("month", Coalesce("branch", 0), name="one_count_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.readers}"
