"""A reader's lists and what stands in them. Private; whoever has the link of a shared one sees its books, never whose it is."""

from django.db import models

from shufang.catalogue.models import Title
from shufang.patrons.models import Patron


class BookList(models.Model):
    """A list of one reader. `share_key` stands while it may be seen by its link; sharing it again makes another."""

    class Kind(models.TextChoices):
        """WANTED is the one list behind the bookmark, OWN one that the reader named."""

        WANTED = "wanted"
        OWN = "own"

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="book_lists")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.OWN)
    name = models.CharField("empty for what is wanted", max_length=60, blank=True)
    share_key = models.CharField(max_length=32, unique=True, null=True, blank=True)  # NULL: not shared
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patron"], condition=models.Q(kind="wanted"), name="one_wanted_list_a_patron"
            ),
            models.UniqueConstraint(fields=["patron", "name"], name="one_list_of_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ListEntry(models.Model):
    """A title in a list, once."""

    list = models.ForeignKey(BookList, models.CASCADE, related_name="entries")
    title = models.ForeignKey(Title, models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "list entries"
        constraints = [models.UniqueConstraint(fields=["list", "title"], name="one_entry_a_list_and_title")]

    def __str__(self) -> str:
        return f"{self.pk}"
