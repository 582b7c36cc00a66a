"""What machines need that give cards: ranges of numbers, kinds on offer, terms with who agreed, and who is at it now."""

from django.core.validators import RegexValidator
from django.db import models

from shufang.branches.models import AGENT, Device, Library
from shufang.patrons.models import Card, CardKind, Patron
from shufang.registration.authority.models import CardCentre, CityCard, CityConflict, CityPerson, Errand

__all__ = [
    "Application", "CardCentre", "CardOffer", "CardStation", "CityCard", "CityConflict", "CityPerson", "Errand", "NumberRange", "ShownDocument",
    "Terms", "TermsAgreed",
]  # fmt: skip


class NumberRange(models.Model):
    """Card numbers from `first` to `last` that a library (or one machine of it) gives, in order and without gaps.

    Each number below `next_number` is on a card. `prefix` and the digits, filled with zeros to `width`, make the number.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="number_ranges")
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="number_ranges")
    prefix = models.CharField(
        max_length=20, blank=True, validators=[RegexValidator(r"\A[0-9A-Z]*\Z", "Capital letters and digits only.")]
    )
    width = models.PositiveSmallIntegerField("digits after the prefix")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    next_number = models.BigIntegerField()
    warn_below = models.PositiveIntegerField("staff are told when fewer are left", default=100)
    is_enabled = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first__gte=0)
                & models.Q(last__gte=models.F("first"))
                & models.Q(next_number__gte=models.F("first"))
                & models.Q(next_number__lte=models.F("last") + 1),
                name="number_range_in_order",
            ),
            models.UniqueConstraint(fields=["prefix", "width", "first"], name="one_number_range_a_beginning"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.first:0{self.width}} – {self.prefix}{self.last:0{self.width}}"


class CardOffer(models.Model):
    """A kind of card that a library's machines give. What it costs and allows stands with the kind and its limits."""

    class Contact(models.TextChoices):
        """Whether a telephone number or mail address is asked for."""

        NONE = "none"
        OPTIONAL = "optional"
        NEEDED = "needed"

    library = models.ForeignKey(Library, models.CASCADE, related_name="card_offers")
    kind = models.ForeignKey(CardKind, models.PROTECT, related_name="offers")
    position = models.PositiveSmallIntegerField("place on the screen", default=1)
    contact = models.CharField(max_length=8, choices=Contact, default=Contact.OPTIONAL)
    can_be_printed = models.BooleanField("a plastic card is printed for whoever wants it", default=True)
    replacement_fee = models.DecimalField("charged for a card that replaces a lost one", max_digits=8, decimal_places=2)
    is_enabled = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "kind"], name="one_offer_a_kind"),
            models.CheckConstraint(condition=models.Q(replacement_fee__gte=0), name="replacement_fee_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.library} {self.kind}"


class Terms(models.Model):
    """A text that one must agree to for a card, in one version. Never changed: a new wording is a new version."""

    class Kind(models.TextChoices):
        """MINOR: what a guardian agrees to beside the others."""

        READER = "reader", "读者须知"
        PRIVACY = "privacy", "个人信息"
        MINOR = "minor", "监护人"

    kind = models.CharField(max_length=8, choices=Kind)
    version = models.CharField(max_length=20)
    valid_from = models.DateField()
    heading = models.CharField(max_length=80)
    heading_en = models.CharField(max_length=80)
    summary = models.CharField("the whole in one sentence", max_length=200)
    summary_en = models.CharField(max_length=200)
    text = models.TextField("paragraphs, with a blank line between")
    text_en = models.TextField()

    class Meta:
        verbose_name_plural = "terms"
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class TermsAgreed(models.Model):
    """Which version a patron agreed to and when, himself or (a minor) by his guardian. Erased with the patron's data."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="terms_agreed")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="agreed")
    at = models.DateTimeField()
    language = models.CharField("in which it was read", max_length=7, choices=Patron.Language)
    by_guardian = models.ForeignKey(Patron, models.SET_NULL, null=True, blank=True, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "terms agreed to"
        constraints = [models.UniqueConstraint(fields=["patron", "terms"], name="one_agreement_a_text")]

    def __str__(self) -> str:
        return f"{self.patron_id}: {self.terms_id}"


class CardStation(models.Model):
    """A kiosk's document reader and card printer, behind a program on the kiosk itself (docs/kiosk.md)."""

    device = models.OneToOneField(Device, models.CASCADE, related_name="card_station")
    agent = models.CharField(
        "address (ws://127.0.0.1:…) of the program",
        max_length=60,
        validators=[RegexValidator(rf"\A{AGENT}\Z", "The local program is reached at ws://127.0.0.1 and a port.")],
    )
    is_enabled = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.device}"


class ShownDocument(models.Model):
    """What may be kept of a document that lay on a machine's reader (PRIVACY.md 10), as long as an application lasts."""

    kind = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32)
    mask = models.CharField(max_length=32)
    city = models.BinaryField("hash under the key shared with the card centre", max_length=32, blank=True, default=b"")
    name = models.CharField(max_length=120)
    birth_date = models.DateField()

    def __str__(self) -> str:
        return self.mask


class Application(models.Model):
    """What somebody has said so far who gets a card at a machine. It lives for minutes; for a day while a print is missing.

    `card` stands once the card is made: from then on the person has it, and at most its deposit is missing. With
    `is_done` nothing is left to do but to show and print it. `visit` is a keyed hash of the token of the visit at the
    machine; only that visit sees the application.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="applications")
    visit = models.BinaryField(max_length=32, unique=True)
    began_at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)
    language = models.CharField(max_length=7, choices=Patron.Language, default=Patron.Language.CHINESE)
    document = models.OneToOneField(ShownDocument, models.PROTECT, related_name="+")
    terms = models.ManyToManyField(Terms, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    offer = models.ForeignKey(CardOffer, models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    contact_at = models.DateTimeField("when it was given, or passed over", null=True, blank=True)
    wants_print = models.BooleanField(default=False)
    guardian = models.ForeignKey(Patron, models.CASCADE, null=True, blank=True, related_name="+")
    guardian_document = models.OneToOneField(ShownDocument, models.PROTECT, null=True, blank=True, related_name="+")
    relation = models.CharField(max_length=40, blank=True)
    pin_hash = models.CharField(max_length=200, blank=True)
    card = models.OneToOneField(Card, models.CASCADE, null=True, blank=True, related_name="application")
    is_done = models.BooleanField(default=False)
    printed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField("when the person had gone, with something still to come", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.device_id} {self.began_at:%H:%M}"
