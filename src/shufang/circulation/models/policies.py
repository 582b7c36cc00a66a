"""The rules of lending as rows: dated policies, limits, agreements, and the number that says when they change."""

from django.db import models
from django.db.models.functions import Coalesce

from shufang.branches.models import Library
from shufang.catalogue.models import ItemGroup, ItemKind
from shufang.patrons.models import CardKind


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


class RulesStamp(models.Model):
    """One row with a random number that triggers change with every change of the rules (circulation/policies.py)."""

    stamp = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.stamp}"
