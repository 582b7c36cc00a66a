"""Libraries, branches, closing days, devices with their sessions, and the replies kept for a device that repeats itself."""

from django.core.validators import RegexValidator
from django.db import models

from shufang.accounts.models import Organisation

AGENT = r"ws://(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}"
"""The address of a kiosk's local program: on the kiosk itself, nowhere else."""


class Library(models.Model):
    """An institution that owns books and sets their lending rules."""

    code = models.CharField(max_length=20, unique=True)
    isil = models.CharField("ISIL (ISO 15511)", max_length=16, unique=True, null=True, blank=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="libraries")

    class Meta:
        verbose_name_plural = "libraries"

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """A place of the network where items are lent."""

    class Kind(models.TextChoices):
        """The kinds of PRODUCT.md."""

        MAIN_LIBRARY = "main_library"
        LIBRARY_BRANCH = "library_branch"
        CITY_STUDY = "city_study"
        BOOK_CABINET = "book_cabinet"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    library = models.ForeignKey(Library, models.PROTECT, related_name="branches")
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="operated_branches")
    address = models.CharField(max_length=200, blank=True)
    address_en = models.CharField(max_length=200, blank=True)
    help_phone = models.CharField("number at which somebody answers whoever stands there", max_length=32, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    language = models.CharField(max_length=7, choices=[("zh-hans", "简体中文"), ("en", "English")], default="zh-hans")
    always_open = models.BooleanField("open day and night, every day", default=False)
    closed_weekdays = models.CharField(
        "weekdays on which it is closed, 1 Monday to 7 Sunday, as in 17", max_length=7, blank=True
    )
    closed_on_holidays = models.BooleanField("closed on the public holidays of the mainland calendar", default=False)
    shelf_days = models.PositiveSmallIntegerField("days an item waits on the hold shelf", default=3)
    is_pickup = models.BooleanField("holds can be picked up here", default=True)
    is_floating = models.BooleanField("items returned here stay here", default=False)
    is_enabled = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "branches"

    def __str__(self) -> str:
        return self.name


class ClosingDays(models.Model):
    """Days from `first` to `last`, both included, on which a branch is closed (or open against its weekly rule)."""

    branch = models.ForeignKey(Branch, models.CASCADE, related_name="closing_days")
    first = models.DateField()
    last = models.DateField()
    is_open = models.BooleanField("open on these days against the weekly rule and the holidays", default=False)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "closing days"
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="closing_days_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.branch}: {self.first} – {self.last}"


class Device(models.Model):
    """A machine with an account: self-check, kiosk, sorter, cabinet, gate, or all phones of a branch. Never a person."""

    class Kind(models.TextChoices):
        """What the machine does."""

        SELF_CHECK = "self_check"
        KIOSK = "kiosk"
        RETURN_BOX = "return_box"
        CABINET = "cabinet"
        DESK = "desk"
        GATE = "gate"
        PHONE = "phone"

    account = models.CharField("login name", max_length=60, unique=True)
    name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.SELF_CHECK)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="devices")
    password_hash = models.CharField(max_length=200, blank=True)
    encoding = models.CharField(max_length=10, choices=[("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("cp850", "CP850")])
    dialect = models.CharField("ways of this terminal, named in sip2/dialects.py", max_length=40, default="standard")
    allowed_addresses = models.CharField(
        "addresses or networks (CIDR), separated by commas; empty: any", max_length=500, blank=True
    )
    is_bound = models.BooleanField("a connection from its (single) allowed address needs no login", default=False)
    is_attended = models.BooleanField("staff stand beside it", default=False)
    needs_pin = models.BooleanField("readers must give their PIN here", default=True)
    agent = models.CharField(
        "kiosk: address (ws://127.0.0.1:…) of the local program for its pad and readers; empty: keyboard only",
        max_length=60,
        blank=True,
        validators=[RegexValidator(rf"\A{AGENT}\Z", "The local program is reached at ws://127.0.0.1 and a port.")],
    )
    lends_offline = models.BooleanField("kiosk: goes on lending, without PIN, while the line is down", default=True)
    offline_loans = models.PositiveSmallIntegerField("kiosk: most loans of a card while the line is down", default=5)
    offline_hours = models.PositiveSmallIntegerField(
        "kiosk: hours after which what it last saw of the cards is too old to lend by", default=72
    )
    is_enabled = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.account


class DeviceSession(models.Model):
    """A browser that is signed in as a kiosk: `token_hash` is a keyed hash of its cookie. Deleting it signs it out.

    `password_mark` is of the password that was given: when the device gets another, its sessions end. `visit_hash` is a
    keyed hash of the token of the reader who stands there now, empty when nobody does; who it is stands nowhere.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="sessions")
    token_hash = models.BinaryField(max_length=32, unique=True)
    password_mark = models.BinaryField(max_length=32)
    address = models.CharField("address from which it was opened", max_length=45)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    visit_hash = models.BinaryField(max_length=32, blank=True, default=b"")
    visit_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.device_id}: {self.address}"


class StoredReply(models.Model):
    """The last reply to a request that changed something, one row a subject, so that a repeat is answered and not done.

    `subject` names the row that was changed ("item", "patron") with its id. `key` is a keyed hash of the account and
    all bytes of the request before AY. `marker` is the item's newest event or the patron's revision after the change:
    when it is no longer the newest, a request with the same bytes is a new one (SIP2.md, Repeats). A row is erased
    after 10 minutes, so that no index but the one on its subject is worth its page in every checkout's commit.
    """

    subject = models.CharField(max_length=8)
    subject_id = models.BigIntegerField()
    key = models.BinaryField(max_length=32)
    marker = models.BigIntegerField()
    connection = models.CharField(max_length=40)
    sequence = models.CharField("AY digit, empty when absent", max_length=1, blank=True)
    at = models.DateTimeField()
    reply = models.BinaryField()

    class Meta:
        verbose_name_plural = "stored replies"
        constraints = [models.UniqueConstraint(fields=["subject", "subject_id"], name="one_reply_a_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}"


class OnceKey(models.Model):
    """A key under which something is done at most once: no-block requests (90 days), 37 with BK, API idempotency."""

    scope = models.CharField(max_length=20)
    key = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    reply = models.BinaryField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_use_of_a_key")]

    def __str__(self) -> str:
        return self.scope
