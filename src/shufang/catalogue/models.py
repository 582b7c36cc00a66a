"""Titles as catalogued from MARC records, and items, the physical copies with a barcode."""

from django.db import models

from shufang.branches.models import Branch, Library
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.search.models import SearchDocument, SearchFacet
from shufang.database.number_field import NumberField

__all__ = [
    "Item", "ItemGroup", "ItemKind", "KeptRecord", "LinkedRecord", "MainClass", "MarcRecord", "PossibleDuplicate", "SearchDocument", "SearchFacet",
    "Title", "TitleIdentifier",
]  # fmt: skip


class MainClass(models.Model):
    """One of the 22 main classes of the Chinese Library Classification (CLC)."""

    letter = models.CharField(max_length=1, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)

    class Meta:
        verbose_name_plural = "main classes"

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class Title(models.Model):
    """A published work as catalogued from one MARC record. Texts are as in the record, hanzi first where there are any."""

    class Material(models.TextChoices):
        """What kind of thing it is (MARC 21 leader 06/07, CNMARC leader 06/07)."""

        BOOK = "book"
        PERIODICAL = "periodical"
        MUSIC_SCORE = "score"
        MAP = "map"
        VIDEO = "video"
        SOUND = "sound"
        PICTURE = "picture"
        COMPUTER_FILE = "computer_file"
        MIXED = "mixed"
        OTHER = "other"

    source = models.CharField("003, 801 $b or the load profile's name", max_length=60)
    control_number = models.CharField("001", max_length=60)
    title = models.CharField("title proper and remainder, as displayed", max_length=1000)
    title_romanised = models.CharField(max_length=1000, blank=True)
    volume = models.CharField("number and name of the part", max_length=200, blank=True)
    author = models.CharField("first responsibility, as displayed", max_length=400, blank=True)
    author_romanised = models.CharField(max_length=400, blank=True)
    responsibility = models.CharField("statement of responsibility", max_length=1000, blank=True)
    edition = models.CharField(max_length=200, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    place = models.CharField("place of publication", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField("MARC language code", max_length=3, blank=True)
    series = models.CharField(max_length=600, blank=True)
    class_number = models.CharField("CLC from 690, else LCC", max_length=80, blank=True)
    class_scheme = models.CharField(max_length=4, choices=[("clc", "CLC"), ("lcc", "LCC")], blank=True)
    main_class = models.ForeignKey(MainClass, models.PROTECT, null=True, blank=True, related_name="+")
    material = models.CharField(max_length=20, choices=Material, default=Material.BOOK)
    subjects = models.JSONField("list of texts", default=list)
    extent = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    popularity = models.PositiveIntegerField("nightly figure; orders search results", default=0)
    is_suppressed = models.BooleanField("not shown to readers", default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "control_number"], name="one_title_a_source_number")]

    def __str__(self) -> str:
        return self.title


class TitleIdentifier(models.Model):
    """A number of a title: `isbn` (13 digits), `issn`, `035` system numbers. Only `matches` ones propose a match."""

    title = models.ForeignKey(Title, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=6)
    value = models.CharField(max_length=100)
    matches = models.BooleanField("false for 020 $z, ISBNs of sets and series", default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "kind", "value"], name="one_number_once_a_title")]
        indexes = [models.Index(fields=["kind", "value"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class KeptRecord(models.Model):
    """A whole record as it came in, byte for byte (`raw`), and the SHA-256 digest of its content."""

    title_id: int
    raw = models.BinaryField()
    syntax = models.CharField(max_length=8, choices=[("iso2709", "ISO 2709"), ("xml", "MARCXML")])
    format = models.CharField(max_length=8, choices=[("marc21", "MARC 21"), ("cnmarc", "CNMARC")])
    encoding = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=32)
    profile = models.CharField(max_length=60)
    loaded_at = models.DateTimeField()

    class Meta:
        abstract = True


class MarcRecord(KeptRecord):
    """The record that says what a title is."""

    title = models.OneToOneField(Title, models.CASCADE, primary_key=True, related_name="marc")

    def __str__(self) -> str:
        return f"{self.title_id}"


class LinkedRecord(KeptRecord):
    """Another record that was found to be a title: it adds items, changes nothing of the title, and is kept whole."""

    title = models.ForeignKey(Title, models.CASCADE, related_name="linked_records")
    source = models.CharField("003, 801 $b or the load profile's name", max_length=60)
    control_number = models.CharField("001", max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "control_number"], name="one_linked_record_a_source_number")
        ]

    def __str__(self) -> str:
        return f"({self.source}){self.control_number}"


class PossibleDuplicate(models.Model):
    """Two titles that share an ISBN but could not be shown to be the same: for a librarian to look at."""

    title = models.ForeignKey(Title, models.CASCADE, related_name="possible_duplicates")
    other = models.ForeignKey(Title, models.CASCADE, related_name="+")
    isbn = models.CharField(max_length=13)
    differs_in = models.CharField("which of title, volume, year, publisher, material", max_length=120)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "other"], name="one_line_a_pair")]

    def __str__(self) -> str:
        return f"{self.title_id} ~ {self.other_id}"


class ItemGroup(models.Model):
    """What limits count by: books, periodicals, foreign books."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class ItemKind(models.Model):
    """What lending rules go by: book, picture book, periodical, reference work, …"""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    group = models.ForeignKey(ItemGroup, models.PROTECT, related_name="kinds")
    is_for_loan = models.BooleanField(default=True)
    least_age = models.PositiveSmallIntegerField("readers must be this old", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One physical copy of a title. Its status follows catalogue/item_life.py; withdrawn, never deleted."""

    barcode = NumberField(max_length=40, unique=True)
    title = models.ForeignKey(Title, models.PROTECT, related_name="items")
    library = models.ForeignKey(Library, models.PROTECT, related_name="items", verbose_name="owning library")
    home_branch = models.ForeignKey(Branch, models.PROTECT, related_name="home_items")
    current_branch = models.ForeignKey(Branch, models.PROTECT, related_name="current_items")
    kind = models.ForeignKey(ItemKind, models.PROTECT, related_name="items")
    call_number = models.CharField(max_length=80, blank=True)
    shelf = models.CharField("shelf mark in the branch", max_length=40, blank=True)
    volume = models.CharField("part of a set", max_length=80, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    status = models.CharField(
        max_length=16, choices=[(s.value, s.value) for s in ItemStatus], default=ItemStatus.AVAILABLE
    )
    status_since = models.DateTimeField()
    is_floating = models.BooleanField("stays where it is returned", default=False)
    is_for_loan = models.BooleanField("false: read in the branch only", default=True)
    note = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gte=0), name="item_price_not_negative"
            )
        ]
        indexes = [
            models.Index(fields=["title", "status", "current_branch"], name="item_where_now"),
            models.Index(  # lists of work; most items stand or are on loan, and lending need not write here
                fields=["status", "status_since"],
                condition=~models.Q(status__in=[ItemStatus.AVAILABLE, ItemStatus.ON_LOAN]),
                name="item_status_since",
            ),
        ]

    def __str__(self) -> str:
        return self.barcode
