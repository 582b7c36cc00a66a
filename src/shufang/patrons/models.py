"""People and their cards. Nothing here knows what anybody reads."""

from hashlib import sha256

from django.db import models

from shufang.branches.models import Branch, Library
from shufang.database.number_field import NumberField


class Patron(models.Model):
    """A person with a card. One person, one record: `identity_hash` is unique."""

    class Language(models.TextChoices):
        """The languages of the faces."""

        CHINESE = "zh-hans", "简体中文"
        ENGLISH = "en", "English"

    name = models.CharField(max_length=120)
    birth_date = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=7, choices=Language, default=Language.CHINESE)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    identity_kind = models.CharField(max_length=20, blank=True)
    identity_hash = models.BinaryField(
        "keyed hash of kind and number", max_length=32, null=True, blank=True, unique=True
    )
    identity_mask = models.CharField(max_length=32, blank=True)
    pin_hash = models.CharField(max_length=200, blank=True)
    pin_version = models.PositiveIntegerField(default=0)
    pin_must_change = models.BooleanField(default=False)
    keeps_history = models.BooleanField("the consent that stands now", default=False)
    home_branch = models.ForeignKey(Branch, models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.BigIntegerField("raised by every change that concerns this patron's lending", default=0)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class HistoryConsent(models.Model):
    """A consent to keep a history, from when to when."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="history_consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.patron_id}"


class Guardianship(models.Model):
    """An adult who answers for a minor."""

    guardian = models.ForeignKey(Patron, models.CASCADE, related_name="wards")
    minor = models.ForeignKey(Patron, models.CASCADE, related_name="guardians")
    relation = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guardian", "minor"], name="one_guardianship_a_pair"),
            models.CheckConstraint(condition=~models.Q(guardian=models.F("minor")), name="nobody_guards_himself"),
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} → {self.minor_id}"


class Block(models.Model):
    """A manual block (by staff or by a terminal's message 01) while `lifted_at` is empty."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="blocks")
    reason = models.CharField(max_length=255)
    placed_at = models.DateTimeField()
    placed_by_user_id = models.BigIntegerField(null=True, blank=True)
    placed_by_device = models.ForeignKey("branches.Device", models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    card_retained = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["patron"], condition=models.Q(lifted_at__isnull=True), name="blocks_that_stand")
        ]

    def __str__(self) -> str:
        return self.reason


class CardKind(models.Model):
    """A kind of joint card with its deposit; how many items it allows stands in circulation.Limit."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    deposit = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    can_borrow = models.BooleanField("may take items home (a reading card may not)", default=True)
    is_child = models.BooleanField("its charges follow the children's rules", default=False)
    least_age = models.PositiveSmallIntegerField(null=True, blank=True)
    most_age = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_days = models.PositiveIntegerField("days from issue to expiry; empty: does not expire", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(deposit__gte=0), name="card_kind_deposit_not_negative")
        ]

    def __str__(self) -> str:
        return self.name


class Card(models.Model):
    """A numbered joint borrowing card. The number is never used again."""

    class Status(models.TextChoices):
        """The life of a card; patrons/card_life.py has the transitions."""

        ISSUED = "issued"
        ACTIVE = "active"
        LOST = "lost"
        REPLACED = "replaced"
        EXPIRED = "expired"
        CLOSED = "closed"

    number = NumberField(max_length=40, unique=True)
    patron = models.ForeignKey(Patron, models.PROTECT, related_name="cards")
    kind = models.ForeignKey(CardKind, models.PROTECT, related_name="cards")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+", verbose_name="issuing library")
    status = models.CharField(max_length=10, choices=Status, default=Status.ISSUED)
    issued_at = models.DateTimeField()
    issued_branch = models.ForeignKey(Branch, models.SET_NULL, null=True, blank=True, related_name="+")
    expires_on = models.DateField("last day on which it is good", null=True, blank=True)
    status_since = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patron"], condition=models.Q(status__in=["issued", "active"]), name="one_good_card_a_patron"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PinFailures(models.Model):
    """Wrong PINs of one card at one device, so that a stranger cannot lock a reader out everywhere."""

    card_hash = models.BinaryField("keyed hash of the card's number, known or not", max_length=32)
    place = models.CharField("device:ID, or address:… for the web", max_length=60)
    failures = models.PositiveSmallIntegerField()
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "PIN failures"
        constraints = [models.UniqueConstraint(fields=["card_hash", "place"], name="one_count_a_card_and_place")]

    def __str__(self) -> str:
        return f"{self.failures}"


class PatronSession(models.Model):
    """A reader signed in on one device. It stands while it is used, not longer than patrons/sessions.py says."""

    token_hash = models.BinaryField("keyed hash of the cookie", max_length=32, unique=True)
    patron = models.ForeignKey(Patron, models.CASCADE, related_name="sessions")
    pin_version = models.PositiveIntegerField("of the PIN that opened it; a later one ends it")
    is_own_device = models.BooleanField("stays signed in when the browser is closed", default=False)
    browser = models.CharField("what the device calls itself, in short", max_length=60, blank=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField("written at most once an hour", db_index=True)

    def __str__(self) -> str:
        return f"{self.pk}"


class PhoneCard(models.Model):
    """A card as one signed-in device shows it. Its secret is made from `handle` with a key outside the database.

    It ends with the session and is kept some days longer, for kiosks that read it while their line was down
    (patrons/phone_card.py).
    """

    session = models.ForeignKey(PatronSession, models.SET_NULL, null=True, related_name="phone_cards")
    card = models.ForeignKey(Card, models.CASCADE, related_name="phone_cards")
    handle = models.CharField("what its codes call it: 18 digits at random", max_length=18, unique=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField("when a job found the session gone", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "card"], name="one_phone_card_a_session_and_card")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Tries(models.Model):
    """How often something was tried in vain: wrong PINs of an address over all cards, codes asked for, codes guessed."""

    what = models.CharField(max_length=20)
    who = models.BinaryField("keyed hash of an address or a card's number", max_length=32)
    tries = models.PositiveIntegerField()
    since = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "tries"
        constraints = [models.UniqueConstraint(fields=["what", "who"], name="one_count_of_tries")]

    def __str__(self) -> str:
        return f"{self.what} {self.tries}"


class OneTimeCode(models.Model):
    """A code on its way to a reader's contact. The code itself is kept nowhere: it is made of this row and a key outside.

    Asked for with a card that nobody has there is a row too, without a patron, so that both cost the same work.
    """

    class Purpose(models.TextChoices):
        """What the code opens: a new PIN, or another e-mail address (`address`)."""

        PIN = "pin"
        EMAIL = "email"

    purpose = models.CharField(max_length=5, choices=Purpose)
    who = models.BinaryField("keyed hash of the card's number as it was typed", max_length=32)
    patron = models.ForeignKey(Patron, models.CASCADE, null=True, blank=True, related_name="one_time_codes")
    address = models.EmailField("the e-mail address to be confirmed", blank=True)
    nonce = models.BinaryField(max_length=16)
    created_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "who"], name="one_code_a_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def nonce_name(self) -> str:
        """Return what tells this code from one asked for before in the same row; nothing can be learnt from it."""
        return sha256(bytes(self.nonce)).hexdigest()[:16]
