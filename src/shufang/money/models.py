"""Charges, their settling, payments and deposits. Amounts are Decimal, two places, in the network's currency."""

from django.db import models

from shufang.branches.models import Branch, Device, Library
from shufang.catalogue.models import Item
from shufang.patrons.models import Card, Patron


class Charge(models.Model):
    """Money owed to a library. `patron` and `item` are emptied a set number of days after settlement."""

    class Kind(models.TextChoices):
        """Why it is owed."""

        OVERDUE = "overdue"
        LOST = "lost"
        DAMAGE = "damage"
        PROCESSING = "processing"
        CARD = "card"
        OTHER = "other"

    patron = models.ForeignKey(Patron, models.PROTECT, null=True, blank=True, related_name="charges")
    library = models.ForeignKey(Library, models.PROTECT, related_name="charges")
    kind = models.CharField(max_length=12, choices=Kind)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    settled = models.DecimalField("paid, waived or cancelled so far", max_digits=8, decimal_places=2, default=0)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    loan_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, db_index=True)
    note = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="charge_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(settled__gte=0) & models.Q(settled__lte=models.F("amount")),
                name="charge_settled_within",
            ),
        ]
        indexes = [models.Index(fields=["patron"], condition=models.Q(settled_at__isnull=True), name="charges_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Payment(models.Model):
    """Money that came in (or, negative, went back), once: `reference` is unique within its `scope`."""

    patron = models.ForeignKey(Patron, models.PROTECT, null=True, blank=True, related_name="payments")
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    method = models.CharField("cash, card, wechat, alipay, terminal, …", max_length=20)
    at = models.DateTimeField(db_index=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="+")
    user_id = models.BigIntegerField(null=True, blank=True)
    scope = models.CharField("who gave the reference: a device's account, a provider", max_length=60, blank=True)
    reference = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001  # NULL stays out of the unique index

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "reference"],
                condition=models.Q(reference__isnull=False),
                name="one_payment_a_reference",
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="payment_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount}"


class Settlement(models.Model):
    """A part of a charge that was paid, waived or cancelled. The sum of a charge's parts is its `settled`."""

    class Kind(models.TextChoices):
        """How it was settled; CANCELLED: the reason fell away (a lost item came back)."""

        PAID = "paid"
        WAIVED = "waived"
        CANCELLED = "cancelled"

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="settlements")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="settlements")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="settlement_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(kind="paid", payment__isnull=False)
                | (~models.Q(kind="paid") & models.Q(payment__isnull=True)),
                name="settlement_paid_has_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Deposit(models.Model):
    """Money held for a patron's card while the card needs it: paid, held, refunded (or kept against charges)."""

    patron = models.ForeignKey(Patron, models.PROTECT, related_name="deposits")
    card = models.ForeignKey(Card, models.PROTECT, related_name="deposits")
    library = models.ForeignKey(Library, models.PROTECT, related_name="deposits")
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    paid_at = models.DateTimeField()
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="deposit")
    refunded_at = models.DateTimeField(null=True, blank=True)
    refund = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="refunded_deposit")
    kept = models.DecimalField("kept against charges at the refund", max_digits=8, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="deposit_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(kept__gte=0) & models.Q(kept__lte=models.F("amount")), name="deposit_kept_within"
            ),
            models.UniqueConstraint(
                fields=["patron"], condition=models.Q(refunded_at__isnull=True), name="one_deposit_held_a_patron"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class RefundDue(models.Model):
    """Money owed back: a charge was cancelled after it had been paid (a lost item came back), or a provider took more
    than was owed by then. Once a charge, once a payment.
    """

    patron = models.ForeignKey(Patron, models.PROTECT, null=True, blank=True, related_name="refunds_due")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    charge = models.OneToOneField(Charge, models.PROTECT, null=True, blank=True, related_name="refund_due")
    surplus_of = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="surplus")
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    created_at = models.DateTimeField()
    refund = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="refund_due")

    class Meta:
        verbose_name_plural = "refunds due"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_due_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(charge__isnull=False, surplus_of__isnull=True)
                | models.Q(charge__isnull=True, surplus_of__isnull=False),
                name="refund_due_for_one_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class OnlinePayment(models.Model):
    """A payment through a provider, from the moment the reader is sent there. `amount` and `purpose` never change.

    `reference` is ours: unguessable, sent to the provider, and the address of the reader's page. `provider_reference` is
    the provider's for the money that came. `payment` stands once it was counted. `card` is emptied after a time.
    """

    class Purpose(models.TextChoices):
        """What it pays: open charges, or the deposit of the card's kind."""

        CHARGES = "charges"
        DEPOSIT = "deposit"

    class Status(models.TextChoices):
        """EXPIRED: nothing was heard for long. A payment that is confirmed later still counts, whatever stands here."""

        STARTED = "started"
        DECLINED = "declined"
        EXPIRED = "expired"
        COUNTED = "counted"

    reference = models.CharField(max_length=40, unique=True)
    provider = models.CharField(max_length=20)
    provider_reference = models.CharField(max_length=100, null=True, blank=True)  # noqa: DJ001  # NULL stays out of the unique index
    card = models.ForeignKey(Card, models.PROTECT, null=True, blank=True, related_name="online_payments")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    status = models.CharField(max_length=10, choices=Status, default=Status.STARTED)
    address = models.CharField("where the reader pays: a page, or the text of a QR code", max_length=1000, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="online")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=models.Q(provider_reference__isnull=False),
                name="one_online_payment_a_reference",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="online_payment_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(status="counted", payment__isnull=False, provider_reference__isnull=False)
                | (~models.Q(status="counted") & models.Q(payment__isnull=True)),
                name="online_payment_counted_has_payment",
            ),
        ]
        indexes = [
            models.Index(fields=["started_at"], condition=models.Q(status="started"), name="online_payments_under_way")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.amount} {self.status}"


class ProviderReport(models.Model):
    """What a provider told us, each different report once, and what became of it (`code`).

    A report that could not be counted waits for staff (`settled_at` empty): the money is with the provider.
    """

    provider = models.CharField(max_length=20)
    digest = models.BinaryField("SHA-256 of what was reported", max_length=32)
    reference = models.CharField("ours, as the provider gave it", max_length=100, blank=True)
    provider_reference = models.CharField(max_length=100, blank=True)
    is_paid = models.BooleanField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    code = models.CharField(max_length=40)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    needs_staff = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "digest"], name="one_row_a_report")]
        indexes = [
            models.Index(
                fields=["first_at"],
                condition=models.Q(needs_staff=True, settled_at__isnull=True),
                name="reports_for_staff",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.code}"
