"""The tables behind search: one document a title, one row a combination of facets. Migration 0011 adds each engine's SQL."""

from django.db import models

from shufang.catalogue.search.indexable import KEY_LENGTH


class SearchFacet(models.Model):
    """One combination of what titles are counted by. Its id is part of the rank of each title that has it."""

    language = models.CharField(max_length=3, blank=True)
    year = models.PositiveSmallIntegerField("0: unknown")
    main_class = models.CharField(max_length=1, blank=True)
    material = models.CharField(max_length=20)

    class Meta:
        app_label = "catalogue"
        constraints = [
            models.UniqueConstraint(
                fields=["language", "year", "main_class", "material"], name="one_row_a_facet_combination"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.year} {self.main_class} {self.material}"


class SearchDocument(models.Model):
    """The tokens of a title (search/document.py) and the keys by which it is suggested.

    `rank` orders by falling popularity, then by id, and tells title and facets (search/rank.py). On SQLite an FTS5
    table without content of its own reads the `in_…` columns; on PostgreSQL a `tsvector` column holds the tokens and
    the `in_…` columns stay empty.
    """

    rank = models.BigAutoField(primary_key=True)
    title = models.OneToOneField("catalogue.Title", models.CASCADE, related_name="search_document")
    in_title = models.TextField("tokens of title and volume", blank=True)
    in_author = models.TextField("tokens of author and responsibility", blank=True)
    in_rest = models.TextField("all other tokens", blank=True)
    title_key = models.CharField(max_length=KEY_LENGTH, blank=True)
    title_pinyin = models.CharField(max_length=KEY_LENGTH, blank=True)
    title_initials = models.CharField(max_length=KEY_LENGTH, blank=True)
    author_key = models.CharField(max_length=KEY_LENGTH, blank=True)
    author_pinyin = models.CharField(max_length=KEY_LENGTH, blank=True)
    author_initials = models.CharField(max_length=KEY_LENGTH, blank=True)

    class Meta:
        app_label = "catalogue"

    def __str__(self) -> str:
        return f"{self.title_id}"
