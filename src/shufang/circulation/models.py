"""Loans, holds, transits, the rules they follow, and the events that tell what happened."""

from django.db import models
from django.db.models.functions import Coalesce

from shufang.branches.models import Branch, Device, Library
from shufang.catalogue.models import Item, ItemGroup, ItemKind, Title
from shufang.patrons.models import CardKind, Patron


class Policy(models.Model):
    """A dated lending rule; an empty library, card kind or item kind means any.

    Of the rows that match and are valid, the one with a library beats the one without, then the one with a card kind,
    then the one with an item kind, then the newest `valid_from`.
    """

    library = models.ForeignKey(Library, models.PROTECT, null=True, blank=True, related_name="policies")
    card_kind = models.ForeignKey(CardKind, models.PROTECT, null=True, blank=True, related_name="+")
    item_kind = models.ForeignKey(ItemKind, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    is_for_loan = models.BooleanField(default=True)
    loan_days = models.PositiveSmallIntegerField()
    renewals = models.PositiveSmallIntegerField(default=0)
    renewal_days = models.PositiveSmallIntegerField(default=0)
    overdue_a_day = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    overdue_cap = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    grace_days = models.PositiveSmallIntegerField("overdue days that cost nothing", default=0)
    counts_closed_days = models.BooleanField("closed days of the lending branch count as overdue", default=False)
    charges_limit = models.DecimalField(
        "owing more than this refuses; empty: never", max_digits=8, decimal_places=2, null=True, blank=True
    )
    overdue_refuses = models.BooleanField("an overdue item out refuses further loans", default=False)
    renews_when_held = models.BooleanField("may be renewed though somebody waits", default=False)
    renews_when_overdue = models.BooleanField(default=True)
    relends_unattended = models.BooleanField(
        "an item on loan to another that lies on an unattended machine is returned and lent on", default=False
    )
    lost_after_days = models.PositiveSmallIntegerField(
        "overdue days until it counts as lost; empty: never", null=True, blank=True
    )
    lost_fee = models.DecimalField("processing fee beside the price", max_digits=8, decimal_places=2, default=0)
    lost_default_price = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    lost_refunds_days = models.PositiveSmallIntegerField(
        "days after which a found item no longer cancels its price", default=180
    )
    damage_claim_days = models.PositiveSmallIntegerField("days an item's last patron is kept; 0: not at all", default=0)
    can_be_held = models.BooleanField(default=True)
    lends_held_titles = models.BooleanField(
        "a copy on the shelf is lent to whoever brings it, though readers wait for every free copy",
        default=False,
        db_default=False,
    )
    notice_days_before = models.PositiveSmallIntegerField("0: no notice before the due date", default=3)
    overdue_notice_days = models.CharField(
        "overdue days on which a notice goes out, as in 1,7,14", max_length=60, default="1,7,14"
    )

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(
                Coalesce("library", 0),
                Coalesce("card_kind", 0),
                Coalesce("item_kind", 0),
                "valid_from",
                name="one_policy_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(overdue_a_day__gte=0, overdue_cap__gte=0, lost_fee__gte=0),
                name="policy_money_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id}/{self.card_kind_id}/{self.item_kind_id} {self.valid_from}"


class Limit(models.Model):
    """How many loans (or holds) a card kind allows over the whole network, in all (`group` empty) or of a group."""

    card_kind = models.ForeignKey(CardKind, models.CASCADE, related_name="limits")
    group = models.ForeignKey(ItemGroup, models.CASCADE, null=True, blank=True, related_name="+")
    counts = models.CharField(max_length=5, choices=[("loans", "loans"), ("holds", "holds")], default="loans")
    most = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("card_kind", Coalesce("group", 0), "counts", name="one_limit_a_group")]

    def __str__(self) -> str:
        return f"{self.card_kind_id}/{self.group_id}: {self.most}"


class Agreement(models.Model):
    """What an owning library lets be done with its items at another library's branches. Without a row: refused."""

    class Returns(models.TextChoices):
        """A return away from home: refuse it, accept it and keep it there, or accept it and route it home."""

        REFUSE = "refuse"
        KEEP = "keep"
        ROUTE = "route"

    owner = models.ForeignKey(Library, models.CASCADE, related_name="agreements")
    at_library = models.ForeignKey(Library, models.CASCADE, related_name="+")
    valid_from = models.DateField()
    lends = models.BooleanField("the owner's items may be lent there", default=True)
    returns = models.CharField(max_length=6, choices=Returns, default=Returns.ROUTE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "at_library", "valid_from"], name="one_agreement_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} at {self.at_library_id}: {self.returns}"


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


class RulesStamp(models.Model):
    """One row with a random number that triggers change with every change of the rules (circulation/policies.py)."""

    stamp = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.stamp}"
