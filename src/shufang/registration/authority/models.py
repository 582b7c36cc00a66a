"""What the card centre said, with its age; what it has not been told yet; and how the line to it is."""

from django.db import models

from shufang.patrons.models import Card, Patron


class CityCard(models.Model):
    """What the card centre said last about a card. Lending goes by the card's own row; this says how old that is.

    `is_of_another`: the card was issued elsewhere, and its PIN is set there.
    """

    card = models.OneToOneField(Card, models.CASCADE, related_name="city")
    status = models.CharField(max_length=10)
    revision = models.BigIntegerField("of the card at the centre")
    deposit = models.DecimalField("held for it anywhere in the city", max_digits=8, decimal_places=2, default=0)
    pin_version = models.BigIntegerField("of the PIN at the centre", default=0)
    is_of_another = models.BooleanField(default=False)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.card_id} {self.status}"


class CityPerson(models.Model):
    """The hash of a patron's document under the key that is shared with the card centre: one person, one card in the city."""

    patron = models.OneToOneField(Patron, models.CASCADE, related_name="city")
    digest = models.BinaryField(max_length=32, unique=True)

    def __str__(self) -> str:
        return f"{self.patron_id}"


class Errand(models.Model):
    """Something that the card centre must be told. In order, once: `key` tells it a repeat.

    `values` holds what cannot be read from the card when the errand is run. A CONFLICT (the centre refused with `code`)
    keeps the later errands of its card back until staff have settled it.
    """

    class Verb(models.TextChoices):
        """What has happened to the card."""

        REGISTER = "register"
        ACTIVATE = "activate"
        LOST = "lost"
        FOUND = "found"
        REPLACE = "replace"
        RENEW = "renew"
        CLOSE = "close"
        DEPOSIT_PAID = "deposit_paid"
        DEPOSIT_REFUNDED = "deposit_refunded"

    class State(models.TextChoices):
        """SETTLED: staff have dealt with a conflict."""

        WAITING = "waiting"
        DONE = "done"
        CONFLICT = "conflict"
        SETTLED = "settled"

    key = models.CharField(max_length=32, unique=True)
    verb = models.CharField(max_length=16, choices=Verb)
    card = models.ForeignKey(Card, models.CASCADE, related_name="errands")
    values = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    failures = models.PositiveSmallIntegerField("times the centre broke down over it", default=0)
    code = models.CharField("why the centre refused", max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(state="waiting"), name="errands_waiting")]

    def __str__(self) -> str:
        return f"{self.verb} {self.state}"


class CityConflict(models.Model):
    """What the card centre and we do not agree on: for staff to settle. The number is erased when it is settled."""

    at = models.DateTimeField()
    code = models.CharField("why", max_length=40)
    card_number = models.CharField(max_length=40, blank=True)
    errand = models.ForeignKey(Errand, models.CASCADE, null=True, blank=True, related_name="conflicts")
    told = models.CharField("the status that the centre says", max_length=10, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_user_id = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], condition=models.Q(settled_at__isnull=True), name="city_conflicts_open")]

    def __str__(self) -> str:
        return self.code


class CardCentre(models.Model):
    """One row: how the line to the centre is. It is away from the first answer that did not come until the next that does."""

    read_to = models.BigIntegerField("number of the last change that was read", default=0)
    read_at = models.DateTimeField("when all changes until then had been read", null=True, blank=True)
    heard_at = models.DateTimeField("of the last answer", null=True, blank=True)
    away_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField("in a row", default=0)
    try_after = models.DateTimeField("while it is away nothing is asked before", null=True, blank=True)
    reason = models.CharField("what the last failure was", max_length=60, blank=True)

    def __str__(self) -> str:
        return "away" if self.away_since else "there"
